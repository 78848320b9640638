package assay.domain.experiment;

import assay.stats.Alternative;
import assay.stats.comparison.Claim;
import assay.stats.comparison.Method;
import assay.stats.sequential.Boundary;
import assay.stats.sequential.GroupSequential;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The test by which a look compares the arms, and what it may conclude from them.
///
/// @param timing of a group-sequential test: the share of the planned sample at each look, this one
///   last; else empty
/// @param isRough where p-values of a group-sequential test need only a few digits
record Inference(Rule.Methodology methodology, List<Double> timing, boolean isRough) {
    /// Those that were computed last. Nothing follows from one being here.
    private static final Map<Asked, Double> BOUNDS = new ConcurrentHashMap<>();

    private static final int MOST_BOUNDS = 10_000;
    private static final int GRID = 96;
    private static final double LEAST_P = 1e-12;
    private static final int STEPS = 40;
    private static final double CLOSE = 1e-9;

    /// Which bound is asked for: that of the last of some looks, at an error over all of them.
    private record Asked(List<Double> timing, double alpha) {}

    Inference {
        timing = List.copyOf(timing);
    }

    Inference(Rule.Methodology methodology, List<Double> timing) {
        this(methodology, timing, false);
    }

    /// The same, quick enough for thousands of looks.
    Inference rough() {
        return new Inference(methodology, timing, true);
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
        var asked = new Asked(timing, alpha);
        var known = BOUNDS.get(asked);
        if (known != null) {
            return known;
        }
        if (BOUNDS.size() >= MOST_BOUNDS) {
            BOUNDS.clear();
        }
        // An infinite bound stands for a look at which nothing is spent yet.
        var bound =
                Math.min(
                        GroupSequential.of(
                                        new Boundary.LanDeMetsObrienFleming(),
                                        timing,
                                        alpha,
                                        Alternative.TWO_SIDED)
                                .bounds()
                                .getLast(),
                        40);
        BOUNDS.put(asked, bound);
        return bound;
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
        return isRough ? roughly(z) : exactly(z);
    }

    /// By halving the range of its logarithm. A bound is solved for only where it is not clear from
    /// two others, between which the p-value is known to lie, on which side the half is.
    private double exactly(double z) {
        var near = near(z);
        var below = near - CLOSE;
        var above = near + CLOSE;
        if (!isBeyond(z, above) || isBeyond(z, below)) {
            below = Double.NEGATIVE_INFINITY;
            above = Double.POSITIVE_INFINITY;
        }
        var low = Math.log(LEAST_P);
        var high = 0.0;
        for (var step = 0; step < STEPS; step++) {
            var middle = (low + high) / 2;
            if (middle >= above || (middle > below && isBeyond(z, middle))) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(high);
    }

    private boolean isBeyond(double z, double logAlpha) {
        return bound(Math.exp(logAlpha)) <= z;
    }

    /// The logarithm of the alpha whose bound is nearly z, by secants of the square of the bound,
    /// which is nearly straight.
    private double near(double z) {
        var x = Math.log(LEAST_P);
        var next = Math.log(0.999);
        var y = squared(x) - z * z;
        for (var step = 0; step < STEPS && Math.abs(next - x) > CLOSE / 10; step++) {
            var at = squared(next) - z * z;
            if (at == y) {
                break;
            }
            var slope = (at - y) / (next - x);
            x = next;
            y = at;
            next = Math.clamp(x - y / slope, Math.log(LEAST_P), Math.log(0.999));
        }
        return next;
    }

    private double squared(double logAlpha) {
        var bound = bound(Math.exp(logAlpha));
        return bound * bound;
    }

    /// Between two bounds of a grid that is the same for all claims.
    private double roughly(double z) {
        var below = 0;
        var above = GRID;
        while (above - below > 1) {
            var middle = (below + above) / 2;
            if (onGrid(middle) <= z) {
                above = middle;
            } else {
                below = middle;
            }
        }
        var share = (onGrid(below) - z) / (onGrid(below) - onGrid(above));
        return Math.min(1, Math.exp(logAlpha(below) + share * (logAlpha(above) - logAlpha(below))));
    }

    private double onGrid(int index) {
        return bound(Math.exp(logAlpha(index)));
    }

    /// From the least alpha up to 0.999.
    private static double logAlpha(int index) {
        return Math.log(LEAST_P) + (Math.log(0.999) - Math.log(LEAST_P)) * index / GRID;
    }
}
