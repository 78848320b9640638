// A feature flag that a conclusion rolls out: the application asks for the flag, and never for the experiment.
//
//   ./assay do examples/flag-rollout.js
//
// While the experiment runs, the flag serves each person the variant that is theirs. When it is concluded with a winner and
// a confidence of 95 or more, a hook that ships with Assay rolls the flag out, and from then on everybody gets the winner's value.
const run = Math.random().toString(36).slice(2, 10) // a key belongs to one flag; the ending makes it new in each run
const key = `ranking-${run}`
const { $id } = await $.Experiment.create({
  name: 'Ranking of results',
  type: 'FeatureFlag',
  primaryMetric: 'clicked',
  metrics: [{ name: 'clicked', type: 'proportion' }],
  variants: [{ key: 'control', value: 'by date' }, { key: 'treatment', value: 'by relevance' }],
})
await $.FeatureFlag.create({ key, name: 'Ranking of results', type: 'String', defaultValue: 'by date', experiment: $id })
await $.FeatureFlag.enable(key)
await $.Experiment.start($id)

const clicks = { 'by date': 0.2, 'by relevance': 0.55 } // dice stand in for the people
const served = { 'by date': 0, 'by relevance': 0 }
const clicked = []
for (let i = 0; i < 500; i++) {
  const { value } = await $.FeatureFlag.evaluate(key, `person-${i}`, {}, { expose: true })
  served[value]++
  if (Math.random() < clicks[value]) clicked.push({ subject: `person-${i}` })
}
await $.Experiment.record($id, clicked)
const { winner, confidence } = await $.Experiment.conclude($id)

const { status } = await $.FeatureFlag.get(key)
const after = await $.FeatureFlag.evaluate(key, 'somebody new')
return { winner, confidence, served, status, everybodyGets: after.value, reason: after.reason }
