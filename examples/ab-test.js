// An A/B test from create to conclude: does a shorter checkout sell more?
//
//   ./assay do examples/ab-test.js
//
// In real use your application asks `assign` for the variant of each visitor, shows it, and records what was bought.
// Here a fixed pattern stands in for the visitors: 40 of 100 buy in the long checkout, 60 of 100 in the short one.
const { $id } = await $.Experiment.create({
  name: 'Checkout length',
  type: 'ABTest',
  hypothesis: 'Visitors finish a checkout of one page more often than one of three',
  primaryMetric: 'bought',
  variants: [
    { key: 'control', name: 'Three pages', weight: 50 },
    { key: 'short', name: 'One page', weight: 50 },
  ],
})
await $.Experiment.start($id)

const buyers = { control: 40, short: 60 }
const seen = { control: 0, short: 0 }
let results
for (let day = 1; day <= 20; day++) {
  const visitors = Array.from({ length: 100 }, (_, i) => `visitor-${day}-${i}`)
  const assigned = await $.Experiment.assign($id, visitors)
  // 37 and 100 have no common divisor, so any 100 visitors of a variant hold exactly its number of buyers.
  await $.Experiment.record($id, visitors.map((subject, i) => {
    const { key } = assigned[i]
    return { subject, value: (seen[key]++ * 37) % 100 < buyers[key] }
  }))
  results = await $.Experiment.results($id)
  console.log(`day ${day}: ${results.verdict}`)
  if (results.verdict !== 'keep_running') break
}
console.log(results.text)

const { status, winner, confidence, sampleSize } = await $.Experiment.conclude($id)
return { status, winner, confidence, sampleSize }
