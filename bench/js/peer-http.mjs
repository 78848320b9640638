// The peer over Streamable HTTP: node peer-http.mjs DATABASE sessions|stateless
// Prints its port; ends with its input.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { questions, server } from './peer-tools.mjs'

const [file, mode] = process.argv.slice(2)
const prepared = questions(file)
const sessions = new Map()

/** Sessions answer in plain JSON, as Assay does; without sessions each request has a server of its own, as the SDK's example does it. */
async function transportOf(request) {
  const known = sessions.get(request.headers['mcp-session-id'])
  if (known) return known
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: mode === 'sessions' ? randomUUID : undefined,
    enableJsonResponse: true,
    onsessioninitialized: id => sessions.set(id, transport),
  })
  await server(prepared).connect(transport)
  return transport
}

const http = createServer(async (request, response) => {
  const transport = await transportOf(request)
  if (mode !== 'sessions') response.on('close', () => transport.close())
  await transport.handleRequest(request, response)
})
http.listen(0, '127.0.0.1', () => console.log(http.address().port))
process.stdin.resume().on('end', () => process.exit())
