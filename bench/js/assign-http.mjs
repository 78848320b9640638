// Subjects assigned a second by the tool `do` over HTTP, 1,000 a call, one call in flight: node assign-http.mjs URL.
// Prints one JSON line {what, perSecond, milliseconds} for first exposures and one for subjects exposed before.
import { INITIALIZE, INITIALIZED, median } from './search.mjs'

const [url] = process.argv.slice(2)
let session
async function post(message) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...(session && { 'mcp-session-id': session }),
    },
    body: JSON.stringify(message),
  })
  session ??= answer.headers.get('mcp-session-id')
  const text = await answer.text()
  return text && JSON.parse(text.startsWith('{') ? text : text.split('\n').find(line => line.startsWith('data:')).slice(5))
}
let id = 1
async function run(script, params) {
  const { result } = await post({ jsonrpc: '2.0', id: ++id, method: 'tools/call', params: { name: 'do', arguments: { script, params } } })
  if (result.isError) throw new Error(JSON.stringify(result.structuredContent))
  return result.structuredContent.result
}
await post(INITIALIZE)
await post(INITIALIZED)
const experiment = await run(`
  const { $id } = await $.Experiment.create({ name: 'x', primaryMetric: 'done', variants: ['control', 'treatment'] })
  await $.Experiment.start($id)
  return $id`)
const assign = 'return (await $.Experiment.assign(params.id, params.subjects)).map(one => one.key)'
const batch = first => Array.from({ length: 1000 }, (_, i) => `user-${first + i}`)
let next = 0
const ways = { 'first exposures': () => batch(1000 * next++), 'exposed before': () => batch(0) }
for (const [way, subjects] of Object.entries(ways)) {
  const times = []
  for (let i = -30; i < 100; i++) {
    const start = performance.now()
    const keys = await run(assign, { id: experiment, subjects: subjects() })
    if (keys.length !== 1000) throw new Error('lost subjects')
    if (i >= 0) times.push(performance.now() - start)
  }
  const milliseconds = median(times)
  console.log(JSON.stringify({ what: `Assay, do over HTTP, 1,000 a call, ${way}`, perSecond: Math.round(1e6 / milliseconds), milliseconds: Math.round(milliseconds * 10) / 10 }))
}
