// A bandit: four offers, and the traffic goes to those that sell, while it is still being found out which one that is.
//
//   ./assay do examples/bandit.js
//
// Every 500 units the shares of the coming visitors follow the chance of each offer to be the best, with at least 5 % for each.
// What is said of the differences holds although the traffic followed the data. Dice stand in for the visitors.
const { $id } = await $.Experiment.create({
  name: 'Offer of the week',
  type: 'ABTest',
  primaryMetric: 'bought',
  metrics: [{ name: 'bought', type: 'proportion' }],
  variants: ['control', 'bundle', 'discount', 'gift'],
  allocation: { policy: 'thompson', floor: 0.05, every: '500 units', burnIn: 50 },
  rule: { plannedSample: 5000 },
})
await $.Experiment.start($id)

const rate = { control: 0.12, bundle: 0.14, discount: 0.26, gift: 0.12 }
const shown = { control: 0, bundle: 0, discount: 0, gift: 0 }
let sold = 0
for (let day = 1; day <= 20; day++) {
  const visitors = Array.from({ length: 300 }, (_, i) => `visitor-${day}-${i}`)
  const given = await $.Experiment.assign($id, visitors)
  const buyers = visitors.filter((_, i) => (shown[given[i].key]++, Math.random() < rate[given[i].key]))
  sold += buyers.length
  await $.Experiment.record($id, buyers.map(subject => ({ subject })))
}
const results = await $.Experiment.results($id)
console.log(results.text)

const { cohorts } = await $.Experiment.get($id)
for (const { weights } of cohorts) console.log(JSON.stringify(weights))
const { winner } = await $.Experiment.conclude($id)
return { winner, shown, sold, inEqualShares: Math.round(6000 * (0.12 + 0.14 + 0.26 + 0.12) / 4), reallocations: cohorts.length - 1 }
