// Finding things, changing them, and looking at what was changed.
//
//   ./assay do examples/find-and-change.js
//
// A script is one transaction: when any line of it fails, nothing of it is kept.
const ada = await $.Contact.create({ name: 'Ada', email: 'ada@example.com' })
await $.Experiment.createMany([
  { name: 'Pricing page', slug: 'pricing', type: 'ABTest', owner: ada.$id },
  { name: 'Onboarding tone', slug: 'tone', type: 'PromptExperiment', owner: ada.$id },
  { name: 'Search ranking', slug: 'ranking', type: 'MLExperiment' },
])

// Conditions follow references, and sort takes any field.
const hers = await $.Experiment.find({ 'owner.name': 'Ada' }, { sort: 'name', fields: ['name'] })

// Objects are named by $id, or by what is unique about them. The reason is kept in the history.
await $.Experiment.update('pricing', { hypothesis: 'Fewer plans sell more' }, { reason: 'asked by sales' })
const history = await $.Experiment.history('pricing')

// A refusal can be caught: it says what to do instead.
let advice
try {
  await $.Experiment.conclude('pricing')
} catch (refusal) {
  advice = refusal.repair
}

return {
  hers: hers.map(experiment => experiment.name),
  verbs: history.map(action => action.verb),
  why: history.at(-1).reason,
  advice,
  words: (await $.search({ query: 'pricing' })).total,
}
