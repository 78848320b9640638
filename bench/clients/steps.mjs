// What every client does, and what it must get.
export const CALLS = [
    { name: 'search', arguments: { type: 'Experiment' } },
    { name: 'fetch', arguments: { type: 'Schema' } },
    { name: 'do', arguments: { script: '1+1' } },
]

export function checkTools(tools) {
    const names = tools.map(tool => tool.name)
    const missing = CALLS.map(call => call.name).filter(name => !names.includes(name))
    if (missing.length > 0) throw new Error(`missing tools: ${missing}; there are: ${names}`)
}

export function checkResult(result) {
    if (result.isError) throw new Error(JSON.stringify(result.structuredContent ?? result.content))
    if (result.content?.length !== 1 || result.content[0].type !== 'text') throw new Error('content is not exactly one text')
    if (JSON.stringify(JSON.parse(result.content[0].text)) !== JSON.stringify(result.structuredContent)) {
        throw new Error('the text and structuredContent differ')
    }
}

/** Runs one step and prints its line. */
export async function step(client, transport, version, name, work) {
    try {
        await work()
        console.log(`${client}  ${transport}  ${version() ?? '-'}  ${name}: ok`)
        return true
    } catch (error) {
        console.log(`${client}  ${transport}  ${version() ?? '-'}  ${name}: failed: ${String(error?.message ?? error).slice(0, 500)}`)
        return false
    }
}
