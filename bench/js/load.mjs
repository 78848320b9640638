// Loads servers in turn: node load.mjs ROUNDS SECONDS JSON, where JSON lists {name, url, pid, sessions}.
// 8 keep-alive connections, one call of search in flight on each. CPU is the server's, from the operating system.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { INITIALIZE, INITIALIZED, length, median, search } from './search.mjs'

const CONNECTIONS = 8
const [rounds, seconds] = process.argv.slice(2).map(Number)
const candidates = JSON.parse(process.argv[4])
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

function post(url, message, session) {
  const body = Buffer.from(JSON.stringify(message))
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'content-length': body.length,
    'mcp-protocol-version': '2025-11-25',
    ...(session && { 'mcp-session-id': session }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      const chunks = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** CPU a process has used, in ms: from /proc, else from ps, which elsewhere counts hundredths of seconds. */
function cpu(pid) {
  if (existsSync('/proc/self/stat')) {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number)
    return (user + system) * 10
  }
  const parts = execFileSync('ps', ['-o', 'time=', '-p', String(pid)]).toString().trim().split(':').map(Number)
  return parts.reduce((sum, part) => sum * 60 + part, 0) * 1000
}

async function open({ url, sessions }) {
  if (!sessions) return undefined
  const session = (await post(url, INITIALIZE)).headers['mcp-session-id']
  await post(url, INITIALIZED, session)
  return session
}

async function load(candidate, milliseconds) {
  const session = await open(candidate)
  const before = cpu(candidate.pid)
  const start = performance.now()
  const times = []
  let id = 1
  const worker = async () => {
    while (performance.now() - start < milliseconds) {
      const sent = performance.now()
      const { status, body } = await post(candidate.url, search(++id), session)
      times.push(performance.now() - sent)
      if (status !== 200) throw new Error(`${candidate.name}: ${status} ${body}`)
      if (times.length === 1) candidate.length = length(JSON.parse(body))
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  const elapsed = performance.now() - start
  return { rate: times.length / elapsed * 1000, cpu: (cpu(candidate.pid) - before) / times.length, median: median(times) }
}

for (const candidate of candidates) {
  await load(candidate, seconds * 1000)
  candidate.runs = []
}
for (let i = 0; i < rounds; i++) {
  for (const candidate of i % 2 ? [...candidates].reverse() : candidates) candidate.runs.push(await load(candidate, seconds * 1000))
}
agent.destroy()
const figures = candidates.map(({ runs }) => ({
  rate: median(runs.map(run => run.rate)),
  cpu: median(runs.map(run => run.cpu)),
  wait: median(runs.map(run => run.median)),
}))
console.log(`median of ${rounds} x ${seconds} s`.padEnd(40) + 'requests/s  CPU us/call  median ms  Assay/this: requests/s  CPU')
candidates.forEach(({ name, length }, i) => {
  const { rate, cpu, wait } = figures[i]
  console.log(
    name.padEnd(40) + rate.toFixed(0).padStart(10) + (cpu * 1000).toFixed(0).padStart(13) + wait.toFixed(2).padStart(11) +
    (figures[0].rate / rate).toFixed(2).padStart(24) + (figures[0].cpu / cpu).toFixed(2).padStart(5) + `  answer of ${length} characters`)
})
