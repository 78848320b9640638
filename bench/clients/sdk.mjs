// node sdk.mjs sdk-1|client-2|client-2-auto URL|COMMAND [ARGUMENT…]: one client of the TypeScript SDK over one transport.
import { CALLS, checkResult, checkTools, step } from './steps.mjs'

const [kind, target, ...rest] = process.argv.slice(2)
const http = /^https?:/.test(target)

async function parts() {
    if (kind === 'sdk-1') {
        const { Client } = await import('@modelcontextprotocol/sdk/client/index.js')
        const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js')
        const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
        return { Client, StdioClientTransport, StreamableHTTPClientTransport }
    }
    const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client')
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio')
    return { Client, StdioClientTransport, StreamableHTTPClientTransport }
}

const { Client, StdioClientTransport, StreamableHTTPClientTransport } = await parts()
const options = kind === 'client-2-auto' ? { versionNegotiation: { mode: 'auto' } } : {}
const client = new Client({ name: 'assay-bench', version: '1' }, { capabilities: {}, ...options })
const transport = http
    ? new StreamableHTTPClientTransport(new URL(target))
    : new StdioClientTransport({ command: target, args: rest, env: process.env, stderr: 'ignore' })

// The 1.x client keeps the version to itself, but tells its transport.
let told
const tell = transport.setProtocolVersion?.bind(transport)
transport.setProtocolVersion = version => {
    told = version
    tell?.(version)
}
const version = () => client.getNegotiatedProtocolVersion?.() ?? told
const run = (name, work) => step(kind, http ? 'http' : 'stdio', version, name, work)

let ok = await run('connect', async () => {
    await client.connect(transport)
    if (kind === 'client-2-auto' && version() !== '2026-07-28') throw new Error('did not negotiate 2026-07-28')
})
if (ok) {
    ok = await run('list', async () => checkTools((await client.listTools()).tools))
    for (const call of CALLS) {
        ok = (await run(call.name, async () => checkResult(await client.callTool(call)))) && ok
    }
}
await client.close()
process.exit(ok ? 0 : 1)
