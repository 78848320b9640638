// Rolls out the flags of an experiment that was won with a confidence of at least 95 (of 100).
async (experiment, $) => {
  if (!experiment.winner || experiment.confidence < 95) return
  const open = ['Draft', 'Active', 'Enabled', 'Paused']
  for (const flag of await $.FeatureFlag.find({ experiment: experiment.$id, status: { $in: open } })) {
    await $.FeatureFlag.rollout(flag.$id)
  }
}
