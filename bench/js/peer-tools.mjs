// The peer's three tools, made with the TypeScript SDK's own McpServer over SQLite, which comes with node 22.
// search asks the same question of the same objects as Assay's and gives an answer of the same size.
import { DatabaseSync } from 'node:sqlite'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'

/** The peer's database; `rows`, what Assay's own search answered, fills a new one. */
export function open(file, rows = []) {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, type TEXT, status TEXT, created TEXT, doc TEXT) STRICT;
    CREATE INDEX IF NOT EXISTS object_status ON object (type, status, created, id)`)
  const insert = database.prepare('INSERT INTO object VALUES (?, ?, ?, ?, ?)')
  database.exec('BEGIN')
  for (const row of rows) insert.run(row.id, row.$type, row.status, row.$createdAt, JSON.stringify(row))
  database.exec('COMMIT')
  return database
}

/** What the tools ask a database for; it is opened and its statements are prepared at the first question. */
export function questions(file) {
  let prepared
  const prepare = () => {
    const database = open(file)
    const where = 'FROM object WHERE type = ? AND status = ?'
    return {
      find: database.prepare(`SELECT doc ${where} ORDER BY created DESC, id LIMIT ?`),
      count: database.prepare(`SELECT count(*) AS total ${where}`),
      get: database.prepare('SELECT doc FROM object WHERE id = ?'),
    }
  }
  return () => (prepared ??= prepare())
}

/** One server, as a client or a session gets one. */
export function server(questions) {
  const server = new McpServer({ name: 'peer', version: '1.0.0' })
  const answer = value => ({ content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value })
  server.registerTool(
    'search',
    {
      title: 'Search',
      description: 'Finds objects.',
      inputSchema: { type: z.string(), filter: z.object({ status: z.string() }), limit: z.number().int() },
    },
    async ({ type, filter, limit }) => {
      const { find, count } = questions()
      const results = find.all(type, filter.status, limit).map(row => JSON.parse(row.doc))
      const { total } = count.get(type, filter.status)
      return answer({ results, total, hasMore: total > results.length })
    })
  server.registerTool(
    'fetch',
    { title: 'Fetch', description: 'Gets one object.', inputSchema: { id: z.string() } },
    async ({ id }) => answer(JSON.parse(questions().get.get(id).doc)))
  server.registerTool(
    'do',
    { title: 'Do', description: 'Runs a script.', inputSchema: { script: z.string() } },
    async ({ script }) => answer({ result: new Function(script)() }))
  return server
}
