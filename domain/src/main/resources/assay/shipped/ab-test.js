const { name, metric, variants, direction, guardrails, hypothesis, plannedSample, minimumEffect } = params
const { $id } = await $.Experiment.create({
  name,
  type: 'ABTest',
  hypothesis,
  primaryMetric: metric,
  metrics: [{ name: metric, direction }],
  guardrails,
  variants: variants.map((key, i) => ({ key, control: i === 0 })),
  rule: { plannedSample, minimumEffect },
})
const { status } = await $.Experiment.start($id)
return {
  id: $id,
  status,
  control: variants[0],
  next: [
    { why: 'give each subject its variant', code: `await $.Experiment.assign('${$id}', [subjects])` },
    { why: 'tell what they did', code: `await $.Experiment.record('${$id}', [{subject, metric: ${JSON.stringify(metric)}, value}])` },
    { why: 'look as often as you like', code: `await $.Experiment.results('${$id}')` },
  ],
}
