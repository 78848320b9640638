// What was tried with this prompt before, and a draft of what is to be tried now.
// params: { name, hypothesis, variants: [{ key, prompt }], minimumEffect }
const { name, hypothesis, variants, minimumEffect } = params

const { results: before } = await $.search({
  type: 'Experiment', filter: { families: 'ticket-triage', status: { $ne: 'Draft' } }, fields: ['name', 'outcome'], limit: 3,
})
const { $id: id } = await $.Experiment.create({
  name, hypothesis, type: 'PromptExperiment',
  dataset: 'tickets', judge: 'right-department',
  primaryMetric: 'right', metrics: [{ name: 'right', type: 'proportion' }],
  variants,
  rule: { minimumEffect },
})
return { id, before: before.map(({ name, outcome }) => ({ name, verdict: outcome?.verdict, winner: outcome?.winner })) }
