const { name, prompts, metric, direction, hypothesis, plannedSample } = params
const keys = Object.keys(prompts)
const { $id } = await $.Experiment.create({
  name,
  type: 'PromptExperiment',
  hypothesis,
  primaryMetric: metric,
  metrics: [{ name: metric, direction }],
  variants: keys.map((key, i) => ({ key, value: prompts[key], control: i === 0 })),
  rule: { plannedSample },
})
const { status } = await $.Experiment.start($id)
return {
  id: $id,
  status,
  control: keys[0],
  next: [
    { why: 'get the prompt of each item: its value is the text', code: `await $.Experiment.assign('${$id}', [items])` },
    { why: 'score the answers', code: `await $.Experiment.record('${$id}', [{subject: item, metric: ${JSON.stringify(metric)}, value}])` },
    { why: 'look after every batch, stop paying when it is decided', code: `await $.Experiment.results('${$id}')` },
  ],
}
