// A prompt experiment from create to conclude, over 2,000 simulated conversations.
//
//   ./assay do examples/prompt-experiment.js
//
// In real use the second half is your agent: it asks for the variant of each conversation, runs that prompt on its own
// model, and records whether the answer solved the problem. Here a dice roll stands in for the model.
import { Experiment } from '@headlessly/experiments'

const experiment = await Experiment.create({
  name: 'Support answer style',
  type: 'PromptExperiment',
  hypothesis: 'Answers that restate the problem first are solved more often',
  primaryMetric: 'solved',
  variants: [
    { key: 'control', value: 'Answer the question.' },
    { key: 'restate', value: 'Restate the problem in one sentence, then answer the question.' },
  ],
  rule: { plannedSample: 2000 },
})
await Experiment.start(experiment.$id)

const truth = { control: 0.55, restate: 0.75 }
let results
for (let batch = 0; batch < 20; batch++) {
  const conversations = Array.from({ length: 100 }, (_, i) => `conversation-${batch * 100 + i}`)
  const assigned = await Experiment.assign(experiment.$id, conversations)
  await Experiment.record(
    experiment.$id,
    conversations.map((subject, i) => ({
      subject,
      metric: 'solved',
      value: Math.random() < truth[assigned[i].key] ? 1 : 0,
    })),
  )
  // Looking after every batch is fine: the numbers hold however often one looks.
  results = await Experiment.results(experiment.$id)
}
console.log(results.text)

const { $id, status, winner, confidence, sampleSize } = await Experiment.conclude(experiment.$id)
return { $id, status, winner, confidence, sampleSize, text: results.text }
