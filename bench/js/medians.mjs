// Reads lines {sandbox, us: {name: p50}} of several rounds from standard input and prints a table of their medians.
import { readFileSync } from 'node:fs'
import { median } from './search.mjs'

const bySandbox = new Map()
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { sandbox, us } = JSON.parse(line)
  const figures = bySandbox.get(sandbox) ?? bySandbox.set(sandbox, {}).get(sandbox)
  for (const [name, value] of Object.entries(us)) (figures[name] ??= []).push(value)
}
const names = Object.keys(bySandbox.values().next().value)
console.log(`| p50, us | ${names.join(' | ')} |\n|---|${names.map(() => '---').join('|')}|`)
for (const [sandbox, figures] of bySandbox) {
  console.log(`| ${sandbox} | ${names.map(name => Math.round(median(figures[name]))).join(' | ')} |`)
}
