await $.Experiment.record(params.id, params.outcomes)
return $.Experiment.results(params.id)
