package assay.stats.paired;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Moments;
import assay.stats.Sample;
import assay.stats.sequential.AsymptoticSequence;

/// The mean of paired differences, watched: an asymptotic confidence sequence that counts pairs.
/// Decide from 30 pairs on; for bounded scores and for successes there are sequences that hold from
/// the first pair, `BettingSequence` and `SignEProcess`.
///
/// Source: as of [AsymptoticSequence].
///
/// @param plannedPairs pairs at which a decision is expected
public record PairedSequence(double plannedPairs, double alpha, Alternative alternative) {
    /// What may be said so far; undefined for fewer than two pairs and if the differences do not
    /// vary.
    ///
    /// @param differences treatment minus control, one per pair
    public Answer<AsymptoticSequence.Look> at(Moments differences) {
        var sequence = AsymptoticSequence.tunedFor(plannedPairs, alpha, alternative);
        return differences
                .sample()
                .flatMap(Sample::estimate)
                .flatMap(estimate -> sequence.at(differences.n(), estimate));
    }
}
