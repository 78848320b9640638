// Times calls of `do` over stdio, one after the other: node do-stdio.mjs SCRIPTS COMMAND..., with `calls` of the file
// SCRIPTS as in sandboxes.mjs. Prints one JSON line {sandbox, us: {name: p50}}.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { INITIALIZE, INITIALIZED, median } from './search.mjs'

const [file, name, ...command] = process.argv.slice(2)
const { calls, warm, runs, pauseMillis } = JSON.parse(readFileSync(file, 'utf8'))
const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] })
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

async function ask(message) {
  child.stdin.write(JSON.stringify(message) + '\n')
  const { value, done } = await lines.next()
  if (done) throw new Error('the server has ended')
  return JSON.parse(value)
}

await ask(INITIALIZE)
child.stdin.write(JSON.stringify(INITIALIZED) + '\n')
let id = 1
let unseen = process.pid * 1_000_000
const us = {}
for (const [script, { text, value }] of Object.entries(calls)) {
  const times = []
  for (let i = -warm; i < runs; i++) {
    const args = { script: text.replace('UNSEEN', () => String(unseen++)) }
    await setTimeout(pauseMillis)
    const start = performance.now()
    const answer = await ask({ jsonrpc: '2.0', id: ++id, method: 'tools/call', params: { name: 'do', arguments: args } })
    const time = performance.now() - start
    const result = JSON.stringify(answer.result?.structuredContent?.result)
    if (result !== value) throw new Error(`${script}: ${JSON.stringify(answer).slice(0, 500)}`)
    if (i >= 0) times.push(time * 1000)
  }
  us[script] = median(times)
}
console.log(JSON.stringify({ sandbox: name, us }))
child.stdin.end()
