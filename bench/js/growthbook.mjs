// Subjects that GrowthBook's SDK assigns a second, on one thread: node growthbook.mjs SEED. Prints one JSON line
// {what, perSecond} for each way, and first {what: 'arms', arms}, as assay.bench.Assigning does.
import { GrowthBookClient, StickyBucketService } from '@growthbook/growthbook'
import { median } from './search.mjs'

const seed = process.argv[2]
const SUBJECTS = 100_000
const subjects = Array.from({ length: SUBJECTS }, (_, i) => `user-${i}`)
const experiment = { key: 'x', seed, hashVersion: 2, hashAttribute: 'id', variations: ['control', 'treatment'], ranges: [[0, 0.5], [0.5, 1]] }

const client = new GrowthBookClient({ enabled: true })
client.initSync({ payload: { features: {}, experiments: [] } })
const inline = id => client.runInlineExperiment(experiment, { attributes: { id } })

/** Sticky buckets in memory: what the SDK itself costs, without a database. */
class InMemory extends StickyBucketService {
  documents = new Map()
  async getAssignments(attributeName, attributeValue) { return this.documents.get(`${attributeName}||${attributeValue}`) ?? null }
  async saveAssignments(document) { this.documents.set(`${document.attributeName}||${document.attributeValue}`, document) }
}
const sticky = { ...experiment, bucketVersion: 1, meta: [{ key: '0' }, { key: '1' }] }
const documents = Object.fromEntries(subjects.map(id => [id, {
  [`id||${id}`]: { attributeName: 'id', attributeValue: id, assignments: { 'x__1': String(inline(id).variationId) } },
}]))
const stickyClient = new GrowthBookClient({ enabled: true, stickyBucketService: new InMemory() })
stickyClient.initSync({ payload: { features: {}, experiments: [] } })
const kept = id => stickyClient.runInlineExperiment(sticky, { attributes: { id }, saveStickyBucketAssignmentDoc: async () => {}, stickyBucketAssignmentDocs: documents[id] })

if (!subjects.every(id => kept(id).stickyBucketUsed)) throw new Error('not sticky')

const arms = {}
for (const id of subjects) {
  const { value } = inline(id)
  arms[value] = (arms[value] ?? 0) + 1
}
console.log(JSON.stringify({ what: 'arms', arms }))

for (const [what, assign] of [
  ['GrowthBookClient, runInlineExperiment', inline],
  ['GrowthBookClient, runInlineExperiment with sticky buckets in memory', kept],
]) {
  const rates = []
  for (let round = -2; round < 7; round++) {
    let count = 0
    const start = performance.now()
    do {
      for (const id of subjects) if (assign(id).inExperiment) count++
    } while (performance.now() - start < 1000)
    if (round >= 0) rates.push(count / (performance.now() - start) * 1000)
  }
  console.log(JSON.stringify({ what, perSecond: Math.round(median(rates)) }))
}
