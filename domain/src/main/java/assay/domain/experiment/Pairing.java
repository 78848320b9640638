package assay.domain.experiment;

import assay.stats.paired.PairedMethod;
import java.util.Optional;
import java.util.OptionalDouble;

/// How the items of a leased design are compared: each is run under both arms, so what makes it
/// hard or easy cancels out. The more two runs of the same item have in common, the fewer items it
/// takes.
///
/// @param repetitions of each item under each arm
/// @param correlation of two runs of the same item, under whichever arm; as observed it may be
///   below 0
/// @param isTold false when nobody knows it, and none is reckoned with
record Pairing(
        int repetitions, double correlation, boolean isTold, PairedMethod method, int burnIn) {
    private static final double MOST_CORRELATION = 0.99;

    /// Empty where units are drawn one by one.
    static Optional<Pairing> of(Design design, Expectation expected) {
        return design.leased()
                .map(leased ->
                        new Pairing(
                                Math.max(1, leased.repetitions()),
                                Math.min(MOST_CORRELATION, expected.correlation().orElse(0)),
                                expected.correlation().isPresent(),
                                PairedAnalysis.method(design, design.primary()),
                                PairedAnalysis.burnIn(design)));
    }

    /// The correlation with which the variance of an item's difference is what was observed.
    ///
    /// @param ofItems the variance of an item's mean under one arm
    static OptionalDouble correlation(int repetitions, double ofItems, double ofDifferences) {
        return ofItems > 0
                ? OptionalDouble.of(1 - repetitions * ofDifferences / (2 * ofItems))
                : OptionalDouble.empty();
    }

    /// The standard deviation of an item's difference.
    ///
    /// @param variances of a unit of either arm, added
    double deviation(double variances) {
        return Math.sqrt(variances * (1 - correlation) / repetitions);
    }

    /// How the planned sample, in units of two arms, tunes a sequence that counts items.
    ///
    /// @see PairedAnalysis#planned
    double unitsPerPlannedItem() {
        return (method instanceof PairedMethod.Asymptotic ? 1.0 : 2.0) * repetitions;
    }

    /// What is assumed, in words.
    String text() {
        return isTold
                ? "Each item is compared with itself, with a correlation of %s between two runs of it."
                        .formatted(Numbers.brief(correlation))
                : "Each item is compared with itself: the more two runs of it have in common, the fewer it takes. How much that is, is not said, so this is reckoned without; send correlation, such as 0.5.";
    }
}
