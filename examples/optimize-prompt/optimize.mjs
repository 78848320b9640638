// node optimize.mjs [runs] [--url URL] [--seed N] [--runs N] [--batch N] [--tickets N] [--null]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { optimize, prepare, script } from './agent.mjs'
import { MINIMUM_EFFECT, PROMPTS, model, tickets } from './model.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    batch: { type: 'string', default: '60' },
    tickets: { type: 'string', default: '400' },
    null: { type: 'boolean', default: false },
  },
})
const many = positionals[0] === 'runs'
const seed = Number(options.seed)
const batch = Number(options.batch)
const assay = fileURLToPath(new URL('../../assay', import.meta.url))

// Many runs are a trial of the method, and not kept.
const scratch = many && !options.url ? mkdtempSync(join(tmpdir(), 'assay-runs-')) : undefined
const client = new Client({ name: 'optimize-prompt', version: '1' })
try {
  if (options.url) {
    await client.connect(new StreamableHTTPClientTransport(new URL(options.url)))
  } else {
    // The first start builds the program, which takes longer than a client waits.
    spawnSync(assay, ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] })
    // A batch is one script; on a busy machine it may take longer than the usual limit.
    const env = { ASSAY_SCRIPT_TIME: '1m', ...process.env, ...(scratch && { ASSAY_DATA: scratch }) }
    await client.connect(new StdioClientTransport({ command: assay, args: ['stdio'], env, stderr: 'inherit' }))
  }
  const variants = await prepare(run, PROMPTS, tickets(Number(options.tickets)))
  process.exitCode = many ? await runs(variants) : await one(variants)
} finally {
  await client.close()
  if (scratch) rmSync(scratch, { recursive: true, force: true })
}

/** Runs a script in Assay. */
async function run(name, params) {
  const { isError, structuredContent } = await client.callTool({ name: 'do', arguments: { script: script(name), params } })
  if (isError) throw new Error(`${name}: ${structuredContent.error.message} ${structuredContent.error.repair}`)
  return structuredContent.result
}

/** One experiment, told step by step. */
async function one(variants) {
  const told = {
    designed: ({ id, before }) => {
      console.log(`${id}: ${variants.map(({ key, prompt }) => `${key} (${prompt})`).join(', ')}`)
      for (const { name, verdict, winner } of before) console.log(`  tried before: ${name}: ${verdict}, winner ${winner}`)
    },
    started: ({ items, total }) => console.log(`${items} tickets, ${total} units of work\n`),
    looked: ({ verdict, why }) => console.log(`${verdict}: ${why}`),
    concluded: ({ winner, confidence, effect, production, text }) => {
      console.log(`\n${text}\n`)
      console.log(winner
        ? `winner ${winner} (confidence ${confidence.toFixed(1)}), better by ${shown(effect.difference)} (${shown(effect.lower)} to ${shown(effect.upper)})`
        : 'no winner')
      console.log(`in use from now on: ${production}`)
    },
  }
  await optimize({
    run, variants, batch, minimumEffect: MINIMUM_EFFECT, name: `Ticket triage, seed ${seed}`,
    model: model({ seed, isNull: options.null }), hear: (step, what) => told[step](what),
  })
  return 0
}

function shown(number) {
  return number.toFixed(3)
}

/** Many experiments with known truth, and how often each was right. */
async function runs(variants) {
  const wanted = Number(options.runs)
  const best = options.null ? null : PROMPTS.toSorted((a, b) => b.quality - a.quality)[0].key
  const began = Date.now()
  let right = 0
  let wrong = 0
  let units = 0
  for (let i = 0; i < wanted; i++) {
    const { winner, sampleSize } = await optimize({
      run, variants, batch, minimumEffect: MINIMUM_EFFECT, name: `Ticket triage, seed ${seed + i}`,
      model: model({ seed: seed + i, isNull: options.null }),
    })
    right += winner === best ? 1 : 0
    wrong += winner && winner !== best ? 1 : 0
    units += sampleSize
    if ((i + 1) % 10 === 0) console.error(`${i + 1} of ${wanted}: ${right} right, ${wrong} wrong`)
  }
  const result = {
    truth: options.null ? 'all prompts are equally good' : `${best} is better by ${MINIMUM_EFFECT}`,
    runs: wanted, right, falseWinners: wrong, undecided: wanted - right - wrong,
    unitsPerRun: Math.round(units / wanted), seconds: Math.round((Date.now() - began) / 1000),
  }
  console.log(JSON.stringify(result, null, 2))
  return (options.null ? wrong <= 0.05 * wanted : right >= 0.95 * wanted) ? 0 : 1
}
