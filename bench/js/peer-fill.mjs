// Fills the peer's database with what Assay finds: node peer-fill.mjs DATABASE COMMAND…
import { execFileSync } from 'node:child_process'
import { open } from './peer-tools.mjs'

const [file, command, ...words] = process.argv.slice(2)
const rows = []
for (let more = true; more; ) {
  const page = JSON.stringify({ type: 'Experiment', limit: 100, offset: rows.length })
  const answer = JSON.parse(execFileSync(command, ['search', page, ...words], { maxBuffer: 1 << 26 }))
  rows.push(...answer.results)
  more = answer.hasMore
}
open(file, rows).close()
