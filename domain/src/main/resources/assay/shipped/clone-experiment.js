const design = [
  'description', 'hypothesis', 'type', 'organization', 'owner', 'targetAudience', 'trafficAllocation', 'variants',
  'metrics', 'primaryMetric', 'secondaryMetrics', 'guardrails', 'rule', 'randomizationUnit', 'tags', 'serve',
  'control', 'factors', 'audience', 'attributes', 'overrides', 'allocation', 'layer', 'holdout',
]
const old = await $.Experiment.get(params.experiment)
if (old === null) throw new Error(`There is no experiment ${params.experiment}; find it with search {"type": "Experiment"}.`)
const copy = { name: `${old.name} (copy)` }
for (const field of design) if (field in old) copy[field] = old[field]
if (params.stop && ['Started', 'Running', 'Paused'].includes(old.status)) await $.Experiment.stop(old.$id)
let made = await $.Experiment.create({ ...copy, ...params.changes })
if (params.start) made = await $.Experiment.start(made.$id)
return { id: made.$id, name: made.name, status: made.status, from: old.$id }
