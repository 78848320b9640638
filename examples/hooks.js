// Code that runs at the verbs of experiments, whoever calls them, until it is taken away.
//
//   ./assay do examples/hooks.js
//
// A hook is kept with the data. Registering the same function again changes nothing. It may use its
// parameters only: the object, and a $ of its own.

// Before a verb: throw to refuse it, or return fields to be changed.
const guard = await $.Experiment.starting(experiment => {
  if (!experiment.variants || experiment.variants.length < 2) throw new Error('Experiment must have at least 2 variants')
  if (!experiment.primaryMetric) throw new Error('Experiment must have a primary metric defined')
})

// After a verb: act on other objects. A failure here would be told, and not undo the verb.
const teller = await $.Experiment.started((experiment, $) => {
  return $.Event.create({
    type: 'experiment.started',
    data: { experiment: experiment.$id, type: experiment.type, variants: experiment.variants.map(v => v.key) },
  })
})

const thanker = await $.Experiment.concluded(async (experiment, $) => {
  if (!experiment.winner) return
  await $.Activity.create({ subject: `Take the losers of ${experiment.name} out of the code`, type: 'Task' })
})

// What they do: an experiment without variants is refused, one that wins leaves a task. A hook that comes with Assay
// turns its flag on.
const broken = await $.Experiment.create({ name: 'No variants', primaryMetric: 'bought' })
let refused
try {
  await $.Experiment.start(broken.$id)
} catch (refusal) {
  refused = refusal.message
}

const run = Math.random().toString(36).slice(2, 10)
const experiment = await $.Experiment.create({
  name: 'Short form', type: 'ABTest', primaryMetric: 'bought', variants: ['long', 'short'],
})
await $.FeatureFlag.create({ key: `short-form-${run}`, name: 'Short form', experiment: experiment.$id })
await $.Experiment.start(experiment.$id)
const people = Array.from({ length: 2000 }, (_, i) => `person-${i}`)
const given = await $.Experiment.assign(experiment.$id, people)
await $.Experiment.record(experiment.$id, people
  .filter((_, i) => Math.random() < (given[i].key === 'short' ? 0.4 : 0.2))
  .map(subject => ({ subject })))
const { winner } = await $.Experiment.conclude(experiment.$id)

const answer = {
  refused,
  winner,
  flag: (await $.FeatureFlag.get(`short-form-${run}`)).status,
  told: (await $.Event.find({ type: 'experiment.started' })).filter(event => event.data.experiment === experiment.$id).length,
  task: (await $.Activity.findOne({ subject: { $regex: '^Take the losers' } })).status,
  hooks: (await $.Hook.find({ registrant: { $ne: 'assay' } }, { sort: 'name' })).map(hook => hook.name),
}

// The function that a registration gives back takes the hook away; so does $.Hook.delete(id).
for (const remove of [guard, teller, thanker]) await remove()

return answer
