// Finding things, changing them, and looking at what was changed.
//
//   ./assay do examples/find-and-change.js
//
// A script is one transaction: when any line of it fails, nothing of it is kept.
// An email and a slug belong to one object; the ending makes them new in each run.
const run = Math.random().toString(36).slice(2, 10)
const ada = await $.Contact.create({ name: 'Ada', email: `ada-${run}@example.com` })
await $.Experiment.createMany([
  { name: 'Pricing page', slug: `pricing-${run}`, type: 'ABTest', owner: ada.$id },
  { name: 'Onboarding tone', slug: `tone-${run}`, type: 'PromptExperiment', owner: ada.$id },
  { name: 'Search ranking', slug: `ranking-${run}`, type: 'MLExperiment' },
])

// Conditions follow references, and sort takes any field.
const hers = await $.Experiment.find({ 'owner.email': ada.email }, { sort: 'name', fields: ['name'] })

// Objects are named by $id, or by what is unique about them. The reason is kept in the history.
await $.Experiment.update(`pricing-${run}`, { hypothesis: 'Fewer plans sell more' }, { reason: 'asked by sales' })
const history = await $.Experiment.history(`pricing-${run}`)

// A refusal can be caught: it says what to do instead.
let advice
try {
  await $.Experiment.conclude(`pricing-${run}`)
} catch (refusal) {
  advice = refusal.repair
}

return {
  hers: hers.map(experiment => experiment.name),
  verbs: history.map(action => action.verb),
  why: history.at(-1).reason,
  advice,
  words: (await $.search({ query: `pricing-${run}` })).total,
}
