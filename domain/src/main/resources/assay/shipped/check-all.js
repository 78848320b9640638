const open = { status: { $in: ['Started', 'Running', 'Paused'] } }
const order = ['invalid', 'ship', 'rollback', 'futile', 'keep_running']
const experiments = []
for (const { $id, name, status } of await $.Experiment.find(open, { limit: params.limit, sort: '-$createdAt' })) {
  const { verdict, why, winner, confidence, unitsToDecision, next } = await $.Experiment.results($id)
  experiments.push({ id: $id, name, status, verdict, why, winner, confidence, unitsToDecision, next })
}
experiments.sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
return {
  experiments,
  decided: experiments.filter(e => e.verdict !== 'keep_running').length,
  notLookedAt: (await $.Experiment.count(open)) - experiments.length,
}
