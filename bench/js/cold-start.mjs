// Times cold starts: node cold-start.mjs PAIRS JSON, where JSON lists {name, command, until}.
// `until` is line, initialize or search: what the process has to have answered. The commands take turns.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { INITIALIZE, INITIALIZED, length, median, search } from './search.mjs'

const pairs = Number(process.argv[2])
const candidates = JSON.parse(process.argv[3])
for (const candidate of candidates) candidate.runs = []

// The shell waits for the process and what that has started, and so knows what they have used.
const TIMED = 'TIMEFORMAT="%U %S"; time "$@" 2>/dev/null'

/** Runs one process; wall is from its start to the answer, cpu is all it used until its end, in ms. */
function run({ command, until }) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn('bash', ['-c', TIMED, 'bash', ...command], { stdio: 'pipe' })
    let wall, size, told = ''
    const send = message => child.stdin.write(JSON.stringify(message) + '\n')
    const done = () => {
      wall = performance.now() - start
      child.stdin.end()
    }
    child.on('error', reject)
    child.stderr.on('data', text => (told += text))
    createInterface({ input: child.stdout }).on('line', line => {
      if (wall !== undefined) return
      if (until === 'line') return done()
      const answer = JSON.parse(line)
      if (answer.id === 2) {
        size = length(answer)
        return done()
      }
      send(INITIALIZED)
      if (until === 'initialize') return done()
      send(search(2))
    })
    child.on('close', () => {
      const [user, system] = told.trim().split(/\s+/).slice(-2).map(Number)
      if (wall === undefined || !(user + system >= 0)) reject(new Error(`${command.join(' ')} gave no answer: ${told}`))
      else resolve({ wall, cpu: (user + system) * 1000, size })
    })
    if (until !== 'line') send(INITIALIZE)
  })
}

for (const candidate of candidates) await run(candidate)
for (let i = 0; i < pairs; i++) {
  for (const candidate of i % 2 ? [...candidates].reverse() : candidates) candidate.runs.push(await run(candidate))
}
const print = (name, wall, cpu, rest = '') =>
  console.log(`${name.padEnd(44)}${wall.padStart(8)}${cpu.padStart(8)}  ${rest}`)
print('median of ' + pairs, 'wall ms', 'CPU ms')
const figures = candidate => ({
  wall: median(candidate.runs.map(run => run.wall)),
  cpu: median(candidate.runs.map(run => run.cpu)),
})
for (const candidate of candidates) {
  const { wall, cpu } = figures(candidate)
  const { size } = candidate.runs[0]
  print(candidate.name, wall.toFixed(0), cpu.toFixed(0), size ? `answer of ${size} characters` : '')
}
const [ours, theirs] = candidates.filter(candidate => candidate.until === 'search').map(figures)
if (theirs) print('ratio of the first to the second search', (ours.wall / theirs.wall).toFixed(2), (ours.cpu / theirs.cpu).toFixed(2))
