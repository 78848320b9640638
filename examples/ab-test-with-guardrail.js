// An A/B test with a guardrail: which search box sells more without making pages slow?
//
//   ./assay do examples/ab-test-with-guardrail.js
//
// 'instant' sells most, but its pages take longer than the guardrail allows, so 'suggest' wins. In real use your application
// asks `assign` for the variant of each visitor and records what happened; here a fixed pattern stands in for the visitors.
const plan = await $.Experiment.plan({ baseline: 0.4, minimumEffect: 0.1, arms: 3, perDay: 150, days: 30 })
console.log(plan.text)

const { $id } = await $.Experiment.create({
  name: 'Search box',
  type: 'ABTest',
  hypothesis: 'Visitors who see suggestions while they type buy more often',
  primaryMetric: 'bought',
  metrics: [
    { name: 'bought', type: 'proportion' },
    { name: 'pageTime', type: 'mean', direction: 'decrease', margin: 30 }, // milliseconds that a page may get slower
  ],
  guardrails: ['pageTime'],
  variants: ['control', 'suggest', 'instant'],
  rule: { plannedSample: plan.plannedSample },
})
await $.Experiment.start($id)

const buyers = { control: 40, suggest: 58, instant: 66 } // of 100
const pageTime = { control: 210, suggest: 215, instant: 330 }
const seen = { control: 0, suggest: 0, instant: 0 }
let results
for (let day = 1; day <= 30; day++) {
  const visitors = Array.from({ length: 150 }, (_, i) => `visitor-${day}-${i}`)
  const given = await $.Experiment.assign($id, visitors)
  await $.Experiment.record($id, visitors.flatMap((subject, i) => {
    const { key } = given[i]
    // 37 and 100 have no common divisor, so any 100 visitors of a variant hold exactly its number of buyers.
    const n = seen[key]++ * 37 % 100
    return [
      { subject, metric: 'bought', value: n < buyers[key] },
      { subject, metric: 'pageTime', value: pageTime[key] + n },
    ]
  }))
  results = await $.Experiment.results($id)
  console.log(`day ${day}: ${results.verdict}`)
  if (results.verdict !== 'keep_running') break
}
console.log(results.text)

const slower = results.guardrails[0].comparisons.map(({ arm, difference }) => [arm, Math.round(difference)])
const { winner, confidence, sampleSize } = await $.Experiment.conclude($id)
return { winner, confidence, sampleSize, slower: Object.fromEntries(slower) }
