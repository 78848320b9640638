// A model of which the truth is known: it answers by the text of its instructions as well as they deserve, no better and no
// worse, and always the same for the same seed. OptimizePromptTest has the same one in Java.

const DEPARTMENTS = ['billing', 'shipping', 'account', 'technical']
const TOPICS = [
  ['I was charged twice for order', 'The invoice has the wrong sum, number'],
  ['My parcel has not arrived, order', 'The parcel came damaged, order'],
  ['I cannot sign in, my number is', 'Please change the mail address of customer'],
  ['The app closes when I open ticket', 'The page stays white, report'],
]

/** How much of what makes a ticket hard is the ticket itself, whatever the prompt. */
const SHARED = 0.75

/** Prompts to compare, the one in use first, and how often each is truly right. */
export const PROMPTS = [
  { key: 'control', text: 'Name the department for this ticket.', why: 'in use', quality: 0.7 },
  {
    key: 'listed',
    text: 'Name the department for this ticket: billing, shipping, account or technical.',
    why: 'says which departments there are',
    quality: 0.85,
  },
  {
    key: 'polite',
    text: 'Please be so kind as to name the department for this ticket.',
    why: 'asks politely',
    quality: 0.7,
  },
]

/** The smallest difference worth having, which is also the true one between `listed` and the others. */
export const MINIMUM_EFFECT = 0.15

/** Tickets with the department that each belongs to. */
export function tickets(count) {
  return Array.from({ length: count }, (_, i) => {
    const department = i % DEPARTMENTS.length
    const topic = TOPICS[department][Math.floor(i / DEPARTMENTS.length) % 2]
    return { id: `t${i}`, input: { ticket: `${topic} ${1000 + i}.` }, expected: DEPARTMENTS[department] }
  })
}

/** From 0 on, below 1: FNV-1a over the text, then mixed as MurmurHash3 does. */
export function chance(text) {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296
}

/**
 * @param seed of the run
 * @param isNull true when all prompts are equally good in truth
 * @returns a function of the messages of a unit
 */
export function model({ seed, isNull = false }) {
  return (messages) => {
    const instructions = messages.find(({ role }) => role === 'system').content
    const ticket = messages.find(({ role }) => role === 'user').content
    const truth = TOPICS.findIndex((topics) => topics.some((topic) => ticket.startsWith(topic)))
    const { quality } = isNull ? PROMPTS[0] : PROMPTS.find(({ text }) => text === instructions)
    const own = chance(`${seed}/own/${ticket}`) >= SHARED ? `/${instructions}` : ''
    const isRight = chance(`${seed}/hard/${ticket}${own}`) < quality
    return DEPARTMENTS[(truth + (isRight ? 0 : 1)) % DEPARTMENTS.length]
  }
}
