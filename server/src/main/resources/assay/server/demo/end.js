const { status, winner, confidence, sampleSize } = await $.Experiment.conclude(params.id)
return { status, winner, confidence, sampleSize }
