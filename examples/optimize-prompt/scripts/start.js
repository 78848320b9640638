// From here on variants, metric and rule are frozen. params: { id }
const { units } = await $.Experiment.start(params.id)
return units
