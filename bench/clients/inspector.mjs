// node inspector.mjs URL|COMMAND [ARGUMENT…]: the inspector's command line over one transport, a process for each step.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CALLS, checkResult, checkTools, step } from './steps.mjs'

const inspector = fileURLToPath(
    new URL('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url))
const target = process.argv.slice(2)
const http = /^https?:/.test(target[0])

async function inspect(...what) {
    const over = http ? ['--transport', 'http'] : []
    const { stdout } = await promisify(execFile)(
        process.execPath, [inspector, '--cli', ...target, ...over, ...what], { maxBuffer: 1 << 26 })
    const answer = JSON.parse(stdout)
    return answer.result ?? answer
}

const run = (name, work) => step('inspector', http ? 'http' : 'stdio', () => undefined, name, work)
let ok = await run('list', async () => checkTools((await inspect('--method', 'tools/list')).tools))
for (const call of CALLS) {
    const given = Object.entries(call.arguments).flatMap(([name, value]) => ['--tool-arg', `${name}=${value}`])
    ok = (await run(call.name, async () =>
        checkResult(await inspect('--method', 'tools/call', '--tool-name', call.name, ...given)))) && ok
}
process.exit(ok ? 0 : 1)
