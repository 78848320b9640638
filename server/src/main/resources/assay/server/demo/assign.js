const { id, from, count } = params
const subjects = Array.from({ length: count }, (_, i) => `conversation-${from + i}`)
const given = await $.Experiment.assign(id, subjects)
return subjects.map((subject, i) => ({ subject, key: given[i].key }))
