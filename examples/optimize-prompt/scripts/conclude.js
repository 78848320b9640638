// Ends the experiment by its rule, and lets the tag `production` stand on the prompt that is to be used from now on.
// params: { id, variants: [{ key, prompt }] }; the first variant is the control, which stays when nobody has won.
const { id, variants } = params
const { winner, confidence, sampleSize, results } = await $.Experiment.conclude(id)

const chosen = variants.find(({ key }) => key === (winner ?? variants[0].key)).prompt
for (const { prompt } of variants) await $.Prompt.update(prompt, { tags: prompt === chosen ? 'production' : '' })

const { difference, lower, upper } = results.primary.comparisons.find(({ arm }) => arm === winner) ?? {}
return { winner, verdict: results.verdict, confidence, sampleSize, effect: winner && { difference, lower, upper }, production: chosen }
