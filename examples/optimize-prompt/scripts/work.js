// Records a batch, looks, and takes the next batch.
// params: { id, n, outcomes: [{ lease, output, metrics }] }
const { id, n, outcomes } = params

for (const { lease, ...outcome } of outcomes) await $.Experiment.record(lease, outcome)

// A look after every batch: the numbers hold however often one looks.
const { verdict, why, text } = outcomes.length ? await $.Experiment.results(id) : { verdict: 'keep_running' }
const { units } = verdict === 'keep_running' ? await $.Experiment.next(id, { n, worker: 'optimizer' }) : { units: [] }

return { verdict, why, text, units: units.map(({ lease, messages, model, parameters }) => ({ lease, messages, model, parameters })) }
