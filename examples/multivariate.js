// A multivariate test: headline and picture of a page are varied at once, every combination is a variant.
//
//   ./assay do examples/multivariate.js
//
// The question as a headline helps, the photo helps, and together they do what each does by itself: no interaction. Dice
// stand in for the visitors.
const { $id } = await $.Experiment.create({
  name: 'Landing page',
  type: 'Multivariate',
  hypothesis: 'A question as the headline and a photo both make more visitors sign up',
  primaryMetric: 'signup',
  metrics: [{ name: 'signup', type: 'proportion' }],
  factors: { headline: ['plain', 'question'], picture: ['none', 'photo'] },
  rule: { plannedSample: 4000 },
})
await $.Experiment.start($id)

const rate = ({ headline, picture }) => 0.2 + (headline === 'question' ? 0.1 : 0) + (picture === 'photo' ? 0.08 : 0)
let results
for (let batch = 0; batch < 10; batch++) {
  const visitors = Array.from({ length: 500 }, (_, i) => `visitor-${batch}-${i}`)
  const given = await $.Experiment.assign($id, visitors)
  // The value of a variant is its levels: {headline, picture}.
  await $.Experiment.record($id, visitors.map((subject, i) => ({ subject, value: Math.random() < rate(given[i].value) })))
  results = await $.Experiment.results($id)
}
console.log(results.text)

const { winner, sampleSize } = await $.Experiment.conclude($id)
return { winner, sampleSize, factorial: results.factorial }
