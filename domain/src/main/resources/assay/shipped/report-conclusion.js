// Keeps what a concluded experiment came to as a Metric, and tells its owner.
async (experiment, $) => {
  const { $id, name, winner, confidence, sampleSize, endAt, endedReason, owner } = experiment
  await $.Metric.create({
    name: 'experiment.confidence',
    value: confidence,
    type: 'Gauge',
    unit: '0-100',
    dimensions: JSON.stringify({ experiment: $id, winner: winner ?? null, sampleSize }),
    timestamp: endAt,
  })
  if (owner) {
    await $.Activity.create({
      subject: `Concluded: ${name}`,
      type: 'Note',
      description: `${winner ? `The winner is ${winner}.` : 'There is no winner.'} ${endedReason}`,
      assignee: owner,
    })
  }
}
