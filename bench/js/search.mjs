// The conversation that every benchmark has, and the figures it prints.
export const INITIALIZE = {
  jsonrpc: '2.0', id: 1, method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } },
}
export const INITIALIZED = { jsonrpc: '2.0', method: 'notifications/initialized' }
export const QUESTION = { type: 'Experiment', filter: { status: 'Draft' }, limit: 10 }
export const search = id => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'search', arguments: QUESTION } })

/** Makes sure that an answer holds what was asked for, and says how long its text is. */
export function length(answer) {
  const found = answer.result?.structuredContent?.results
  if (found?.length !== QUESTION.limit) throw new Error(`not an answer: ${JSON.stringify(answer).slice(0, 500)}`)
  return answer.result.content[0].text.length
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
