// The peer over stdio: node peer-stdio.mjs DATABASE
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { questions, server } from './peer-tools.mjs'

await server(questions(process.argv[2])).connect(new StdioServerTransport())
