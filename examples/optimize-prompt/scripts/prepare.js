// Puts the prompts, the tickets and the judge there, unless they are there already.
// params: { prompts: [{ key, text, why }], tickets: [{ id, input, expected }] }; the first prompt is the one in use.
const { prompts, tickets } = params

if (!(await $.Judge.get('right-department'))) {
  await $.Judge.create({
    name: 'Right department', slug: 'right-department', kind: 'exact', normalize: ['case', 'whitespace', 'punctuation'],
  })
}
if (!(await $.Dataset.get('tickets'))) {
  await $.Dataset.create({ name: 'Tickets', slug: 'tickets', items: tickets })
}

const messages = (text) => [
  { role: 'system', content: text },
  { role: 'user', content: '{{ticket}}' },
]
const versions = []
for (const { text, why } of prompts) {
  const known = await $.Prompt.findOne({ family: 'ticket-triage' }, { sort: '-number' })
  // A content that the family has already gives that version, so this may run again.
  versions.push(
    known
      ? await $.Prompt.version(known.$id, { messages: messages(text), description: why })
      : await $.Prompt.create({
          name: 'Ticket triage', messages: messages(text), description: why, model: 'fake-1', tags: 'production',
        }),
  )
}
return versions.map(({ key }, i) => ({ key: prompts[i].key, prompt: key }))
