// The agent: from prompts to a concluded experiment and the prompt that is used from now on.
import { readFileSync } from 'node:fs'

/** What the agent runs in Assay, each a transaction. */
export const script = (name) => readFileSync(new URL(`./scripts/${name}.js`, import.meta.url), 'utf8')

/** Puts prompts, tickets and judge there; answers the variants. */
export const prepare = (run, prompts, tickets) =>
  run('prepare', { prompts: prompts.map(({ key, text, why }) => ({ key, text, why })), tickets })

/**
 * @param run runs one of the scripts with its params, and answers its result
 * @param variants of `prepare`
 * @param model answers messages
 * @param hear is told how it goes
 */
export async function optimize({ run, variants, model, name, minimumEffect, batch, hear = () => {} }) {
  const { id, before } = await run('design', {
    name, variants, minimumEffect,
    hypothesis: 'Instructions that say which departments there are find the right one more often.',
  })
  hear('designed', { id, before })
  hear('started', await run('start', { id }))

  let { units } = await run('work', { id, n: batch, outcomes: [] })
  let seen
  while (units.length > 0) {
    const outcomes = units.map(({ lease, messages }) => {
      const output = model(messages)
      return { lease, output, metrics: { outputTokens: 1 } }
    })
    seen = await run('work', { id, n: batch, outcomes })
    units = seen.units
    hear('looked', seen)
  }
  const ended = await run('conclude', { id, variants })
  hear('concluded', { ...ended, text: seen?.text })
  return { id, ...ended }
}
