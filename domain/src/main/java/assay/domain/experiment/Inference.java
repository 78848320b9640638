package assay.domain.experiment;

import assay.stats.Alternative;
import assay.stats.comparison.Claim;
import assay.stats.comparison.Method;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import java.util.List;

/// The test by which a look compares the arms, and what it may conclude from them.
///
/// @param timing of a group-sequential test: the share of the planned sample at each look, this one
///   last; else empty
record Inference(Rule.Methodology methodology, List<Double> timing) {
    private static final double LEAST_P = 1e-12;
    private static final int STEPS = 40;

    Inference {
        timing = List.copyOf(timing);
    }

    /// The test of a rule, at a look that is its first.
    static Inference of(Rule rule) {
        return of(rule.methodology());
    }

    static Inference of(Rule.Methodology methodology) {
        return new Inference(methodology, List.of(1.0));
    }

    boolean isAnytime() {
        return methodology.isAnytime();
    }

    /// @param alpha that one comparison may use up
    Method.Looking looking(Design design, double alpha) {
        return switch (methodology) {
            case SEQUENTIAL, BAYESIAN -> new Method.Looking.Always(design.plannedPerComparison());
            case FIXED -> new Method.Looking.Once();
            case GROUP_SEQUENTIAL -> new Method.Looking.Planned(bound(alpha));
        };
    }

    private double bound(double alpha) {
        // An infinite bound stands for a look at which nothing is spent yet.
        return Math.min(
                GroupSequential.of(
                                new Boundary.LanDeMetsObrienFleming(),
                                timing,
                                alpha,
                                Alternative.TWO_SIDED)
                        .bounds()
                        .getLast(),
                40);
    }

    /// The p-value of a claim: of a group-sequential test the smallest alpha at which this look
    /// would have been beyond its bound, which holds over all planned looks together.
    ///
    /// Source: C. Jennison, B. W. Turnbull, "Group Sequential Methods" (2000), section 9.4
    /// (repeated p-values).
    double pValue(Claim claim) {
        if (methodology != Rule.Methodology.GROUP_SEQUENTIAL || timing.equals(List.of(1.0))) {
            return claim.pValue();
        }
        var z = Math.abs(claim.estimate().value() / claim.estimate().standardError());
        if (bound(0.999) > z) {
            return 1;
        }
        if (bound(LEAST_P) <= z) {
            return LEAST_P;
        }
        var low = Math.log(LEAST_P);
        var high = 0.0;
        for (var step = 0; step < STEPS; step++) {
            var middle = (low + high) / 2;
            if (bound(Math.exp(middle)) <= z) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(high);
    }
}
