const concluded = []
const invalid = []
let running = 0
for (const { $id, name } of await $.Experiment.find({ status: { $in: ['Started', 'Running', 'Paused'] } })) {
  const { verdict, why } = await $.Experiment.results($id)
  if (params.verdicts.includes(verdict)) {
    const { winner, sampleSize } = await $.Experiment.conclude($id)
    concluded.push({ id: $id, name, verdict, winner: winner ?? null, sampleSize, why })
  } else if (verdict === 'invalid') {
    invalid.push({ id: $id, name, why })
  } else {
    running++
  }
}
return { concluded, invalid, running }
