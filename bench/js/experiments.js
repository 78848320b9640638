// What the benchmarks look for: experiments, as an agent would make them.
for (let i = 0; i < params.count; i++) {
  await $.Experiment.create({
    name: `Experiment ${i} on the checkout page`,
    hypothesis: 'A shorter form makes more visitors finish their order',
    type: i % 2 ? 'ABTest' : 'Multivariate',
    variants: [{ key: 'control', name: 'Form as it is', weight: 50 }, { key: 'short', name: 'Form of one page', weight: 50 }],
    metrics: 'signup',
  })
}
return await $.Experiment.count()
