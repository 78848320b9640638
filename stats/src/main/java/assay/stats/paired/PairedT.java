package assay.stats.paired;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Moments;
import assay.stats.Sample;
import assay.stats.fixed.Inference;

/// The mean of paired differences, for one look.
///
/// Source: "Student", Biometrika 6 (1908) 1-25.
public final class PairedT {
    private PairedT() {}

    /// Tests the mean difference; undefined for fewer than two pairs and if the differences do not
    /// vary.
    ///
    /// @param differences treatment minus control, one per pair
    public static Answer<Inference> of(Moments differences, double alpha, Alternative alternative) {
        return differences
                .sample()
                .flatMap(Sample::estimate)
                .flatMap(estimate ->
                        Inference.student(estimate, differences.n() - 1.0, alpha, alternative));
    }
}
