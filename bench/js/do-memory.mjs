// How much memory a server keeps that runs many scripts: node do-memory.mjs COMMAND... starts it over stdio, calls `do`
// 10,000 times, every tenth time with a text it has not seen before, and prints what is resident after 2,000 and 10,000.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { INITIALIZE, INITIALIZED } from './search.mjs'

const [name, ...command] = process.argv.slice(2)
const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'ignore'] })
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

async function ask(message) {
  child.stdin.write(JSON.stringify(message) + '\n')
  const { value, done } = await lines.next()
  if (done) throw new Error('the server has ended')
  return JSON.parse(value)
}

const resident = () => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024

await ask(INITIALIZE)
child.stdin.write(JSON.stringify(INITIALIZED) + '\n')
const text = `const found = []
for (let i = 0; i < 20; i++) found.push(...await $.Experiment.find({ status: 'Draft' }, { limit: 5 }))
return found.length + UNSEEN`
const after = {}
for (let i = 1; i <= 10_000; i++) {
  const script = text.replace('UNSEEN', i % 10 === 0 ? i : 0)
  const answer = await ask({ jsonrpc: '2.0', id: i + 1, method: 'tools/call', params: { name: 'do', arguments: { script } } })
  if (answer.result?.structuredContent?.result === undefined) throw new Error(JSON.stringify(answer).slice(0, 500))
  if (i === 2_000 || i === 10_000) after[i] = resident()
}
const growth = (after[10_000] / after[2_000] - 1) * 100
console.log(`${name}: ${after[2_000].toFixed(0)} MiB resident after 2,000 scripts, ${after[10_000].toFixed(0)} MiB after 10,000 (${growth.toFixed(1)} %)`)
child.stdin.end()
