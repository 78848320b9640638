const plan = await $.Experiment.plan({ baseline: 0.55, minimumEffect: 0.1, arms: 3 })
const { $id: id } = await $.Experiment.create({
  name: 'Support answer style',
  type: 'PromptExperiment',
  hypothesis: 'Answers that restate the problem first are solved more often',
  primaryMetric: 'solved',
  metrics: [
    { name: 'solved', type: 'proportion' },
    { name: 'tokens', type: 'mean', direction: 'decrease', margin: 40 },
  ],
  guardrails: ['tokens'],
  variants: [
    { key: 'control', value: 'Answer the question.' },
    { key: 'restate', value: 'Restate the problem in one sentence, then answer the question.' },
    { key: 'steps', value: 'Answer the question as numbered steps.' },
  ],
  rule: { plannedSample: plan.plannedSample },
})
await $.Experiment.start(id)
return { id, plannedSample: plan.plannedSample }
