package assay.domain.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What one unit has come to under one measure. Its events may be added in any order.
final class Tally {
    /// The columns that a tally is stored in, the later ones empty where nothing stands beside the
    /// outcomes.
    static final String COLUMNS = "count, nonzero, sum, other_count, other_nonzero, other_sum";

    /// How many of them are of the outcomes.
    private static final int OF_OUTCOME = 3;

    private static final String NOTHING = "0, 0, 0.0";

    private final Measure measure;
    private final long exposedAt;
    private final Part outcome;
    private final Part other;

    Tally(Measure measure, long exposedAt) {
        this.measure = measure;
        this.exposedAt = exposedAt;
        this.outcome = new Part();
        this.other = new Part();
    }

    /// A stored one.
    ///
    /// @param first number of the first of its columns in the row
    Tally(Measure measure, long exposedAt, ResultSet row, int first) throws SQLException {
        this.measure = measure;
        this.exposedAt = exposedAt;
        this.outcome = new Part(row, first);
        this.other = hasOther(measure) ? new Part(row, first + OF_OUTCOME) : new Part();
    }

    /// One event of the unit.
    ///
    /// @param terms a bit for each term of the measure that it is of
    /// @param sign -1 takes such an event back
    record Fact(long at, double value, int terms, int sign) {}

    /// Events that are aggregated together: the outcomes, or what stands beside them.
    private static final class Part {
        private final RunningSum sum;
        private List<Fact> steps = List.of();
        private long count;
        private long nonzero;

        Part() {
            sum = new RunningSum();
        }

        Part(ResultSet row, int first) throws SQLException {
            count = row.getLong(first);
            nonzero = row.getLong(first + 1);
            sum = new RunningSum(row.getObject(first + 2));
        }

        boolean isEmpty() {
            return count == 0 && steps.isEmpty();
        }

        void add(Fact fact) {
            sum.add(fact.sign() * fact.value());
            count += fact.sign();
            nonzero += fact.value() == 0 ? 0 : fact.sign();
        }

        void step(Fact fact) {
            if (steps.isEmpty()) {
                steps = new ArrayList<>();
            }
            steps.add(fact);
        }
    }

    long exposedAt() {
        return exposedAt;
    }

    /// True when this is of a unit that was exposed then.
    boolean isOf(long time) {
        return exposedAt == time;
    }

    /// True when anything is aggregated beside the outcomes.
    private static boolean hasOther(Measure measure) {
        return measure.kind() == Measure.Kind.RATIO || measure.lookback().isPresent();
    }

    /// True when a stored tally can take further events without those before.
    static boolean isAdditive(Measure measure) {
        return measure.kind() != Measure.Kind.FUNNEL;
    }

    void add(Fact fact) {
        var after = fact.at() - exposedAt;
        if (after >= 0) {
            if (measure.window().holds(after)) {
                addOutcome(fact);
            }
        } else if (measure.lookback().isPresent() && -after <= measure.lookback().getAsLong()) {
            add(other, fact);
        }
    }

    private void addOutcome(Fact fact) {
        if (measure.kind() != Measure.Kind.RATIO) {
            add(outcome, fact);
            return;
        }
        if ((fact.terms() & 1) != 0) {
            outcome.add(fact);
        }
        if ((fact.terms() & 2) != 0) {
            other.add(fact);
        }
    }

    private void add(Part part, Fact fact) {
        if (isAdditive(measure)) {
            part.add(fact);
        } else {
            part.step(fact);
        }
    }

    /// True when no event has counted in any way.
    boolean isEmpty() {
        return outcome.isEmpty() && other.isEmpty();
    }

    boolean isMeasured() {
        return measure.kind() != Measure.Kind.MEAN || outcome.count > 0;
    }

    double value() {
        return value(outcome);
    }

    double other() {
        return measure.kind() == Measure.Kind.RATIO ? other.sum.value() : value(other);
    }

    private double value(Part part) {
        return measure.capped(
                switch (measure.kind()) {
                    case SUM, RATIO -> part.sum.value();
                    case MEAN -> part.count == 0 ? 0 : part.sum.value() / part.count;
                    case COUNT -> part.count;
                    case FUNNEL -> steps(part);
                    case PROPORTION -> part.nonzero == 0 ? 0 : 1;
                });
    }

    /// 1 when the unit went through all steps. A stored tally knows only that.
    private long steps(Part part) {
        return part.steps.isEmpty() ? part.count : wentThrough(part.steps) ? 1 : 0;
    }

    /// Those that were not taken back, in whatever order they come.
    private static List<Fact> standing(List<Fact> facts) {
        var left = new ArrayList<>(facts.stream().filter(fact -> fact.sign() > 0).toList());
        for (var fact : facts) {
            if (fact.sign() < 0) {
                left.remove(new Fact(fact.at(), fact.value(), fact.terms(), 1));
            }
        }
        return left;
    }

    /// Each step is taken by the first event of it that is left, so that nobody is kept from the
    /// next one longer than needed.
    private boolean wentThrough(List<Fact> facts) {
        var left = standing(facts);
        // Of events at one instant, those that can be less else come first, in whatever order they
        // arrived.
        left.sort(
                Comparator.comparingLong(Fact::at)
                        .thenComparingInt(fact -> Integer.bitCount(fact.terms()))
                        .thenComparingInt(Fact::terms));
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

    /// What stands for the columns among the values of a statement: question marks, and the values
    /// that are always the same.
    static String places(Measure measure) {
        return "?, ?, ?, " + (hasOther(measure) ? "?, ?, ?" : NOTHING);
    }

    /// The values of its columns, of those that [#places(Measure)] leaves open.
    Object[] stored() {
        var isFunnel = measure.kind() == Measure.Kind.FUNNEL;
        var count = isFunnel ? steps(outcome) : outcome.count;
        var sum = outcome.sum.stored();
        return hasOther(measure)
                ? new Object[] {
                    count,
                    outcome.nonzero,
                    sum,
                    isFunnel ? steps(other) : other.count,
                    other.nonzero,
                    other.sum.stored()
                }
                : new Object[] {count, outcome.nonzero, sum};
    }
}
