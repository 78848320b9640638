package assay.domain.store;

import assay.stats.ExactSum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What one unit has come to under one measure. Its events may be added in any order.
final class Tally {
    private final Measure measure;
    private final long exposedAt;
    private final Part outcome = new Part();
    private final Part before = new Part();

    Tally(Measure measure, long exposedAt) {
        this.measure = measure;
        this.exposedAt = exposedAt;
    }

    /// One event of the unit.
    ///
    /// @param terms a bit for each term of the measure that it is of
    record Fact(long at, double value, int terms) {}

    /// Events on one side of the exposure.
    private static final class Part {
        private final List<Fact> steps = new ArrayList<>();
        private final ExactSum sum = new ExactSum();
        private final ExactSum second = new ExactSum();
        private long count;
        private long nonzero;
    }

    void add(Fact fact) {
        var after = fact.at() - exposedAt;
        if (after >= 0) {
            if (measure.window().holds(after)) {
                add(outcome, fact);
            }
        } else if (measure.lookback().isPresent() && -after <= measure.lookback().getAsLong()) {
            add(before, fact);
        }
    }

    private void add(Part part, Fact fact) {
        switch (measure.kind()) {
            case FUNNEL -> part.steps.add(fact);
            case RATIO -> {
                if ((fact.terms() & 1) != 0) {
                    part.sum.add(fact.value());
                }
                if ((fact.terms() & 2) != 0) {
                    part.second.add(fact.value());
                }
            }
            case SUM, MEAN, COUNT, PROPORTION -> {
                part.sum.add(fact.value());
                part.count++;
                part.nonzero += fact.value() == 0 ? 0 : 1;
            }
        }
    }

    boolean isMeasured() {
        return measure.kind() != Measure.Kind.MEAN || outcome.count > 0;
    }

    double value() {
        return value(outcome);
    }

    double other() {
        return measure.kind() == Measure.Kind.RATIO ? outcome.second.value() : value(before);
    }

    private double value(Part part) {
        return measure.capped(
                switch (measure.kind()) {
                    case SUM, RATIO -> part.sum.value();
                    case MEAN -> part.count == 0 ? 0 : part.sum.value() / part.count;
                    case COUNT -> part.count;
                    case PROPORTION -> part.nonzero == 0 ? 0 : 1;
                    case FUNNEL -> wentThrough(part.steps) ? 1 : 0;
                });
    }

    /// Each step is taken by the first event of it that is left, so that nobody is kept from the
    /// next one longer than needed.
    private boolean wentThrough(List<Fact> facts) {
        var left = new ArrayList<>(facts);
        left.sort(Comparator.comparingLong(Fact::at));
        var since = Long.MIN_VALUE;
        for (var step = 0; step < measure.terms().size(); step++) {
            var bit = 1 << step;
            var from = since;
            var next =
                    left.stream()
                            .filter(fact -> fact.at() >= from && (fact.terms() & bit) != 0)
                            .findFirst();
            if (next.isEmpty()) {
                return false;
            }
            left.remove(next.get());
            since = next.get().at();
        }
        return true;
    }
}
