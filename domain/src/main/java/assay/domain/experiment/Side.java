package assay.domain.experiment;

import assay.domain.store.Cell;
import assay.domain.store.UnitValue;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.JointMoments;
import assay.stats.Sample;
import assay.stats.comparison.Arm;
import assay.stats.comparison.Effect;
import assay.stats.fixed.Quantiles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/// The units of one arm under one metric, within a cohort or over all.
sealed interface Side {
    /// Units that are measured.
    long units();

    /// Those of them that came to something other than 0.
    long nonzero();

    /// These units and those of another cohort.
    Side plus(Side other);

    /// What is shown of the arm by itself.
    Shown shown();

    /// The effect of this arm beside the control.
    Answer<Effect> beside(Side control);

    /// An arm by itself.
    ///
    /// @param mean of the units; of a ratio the ratio, of a quantile the quantile
    /// @param variance of a unit
    /// @param sum of the units' numbers; of a ratio, of the numerators
    /// @param denominator of a ratio, the sum of the denominators
    record Shown(
            long n,
            Optional<Double> mean,
            Optional<Double> variance,
            OptionalDouble sum,
            OptionalDouble denominator) {}

    /// Exact totals.
    ///
    /// @param sums the value as x, the other number as y
    record Totals(Metric metric, long nonzero, JointMoments sums) implements Side {
        static Totals of(Metric metric, Cell cell) {
            return new Totals(metric, cell.nonzero(), cell.moments());
        }

        @Override
        public long units() {
            return sums.n();
        }

        @Override
        public Side plus(Side other) {
            var more = (Totals) other;
            var all = sums.copy();
            all.merge(more.sums);
            return new Totals(metric, nonzero + more.nonzero, all);
        }

        @Override
        public Shown shown() {
            var value = sums.x();
            if (metric.type() == Metric.Type.RATIO) {
                return new Shown(
                        units(),
                        sums.ratio().toOptional(),
                        sums.ratioVariance().toOptional(),
                        OptionalDouble.of(value.sum().value()),
                        OptionalDouble.of(sums.y().sum().value()));
            }
            return new Shown(
                    units(),
                    value.mean().toOptional(),
                    value.variance().toOptional(),
                    OptionalDouble.of(value.sum().value()),
                    OptionalDouble.empty());
        }

        @Override
        public Answer<Effect> beside(Side control) {
            return Effect.of(((Totals) control).arm(), arm());
        }

        private Arm arm() {
            if (metric.type() == Metric.Type.RATIO) {
                return new Arm.Ratio(sums);
            }
            return metric.lookback().isPresent()
                    ? new Arm.Adjusted(JointMoments.ofSums(sums.y(), sums.x(), sums.products()))
                    : new Arm.Mean(sums.x());
        }
    }

    /// The units' numbers themselves, for a quantile.
    ///
    /// They are kept in ascending order.
    final class Values implements Side {
        private final double level;
        private final double[] sorted;

        private Values(double level, double[] sorted) {
            this.level = level;
            this.sorted = sorted;
        }

        static Values of(Metric metric, DoubleStream values) {
            return new Values(metric.level().orElseThrow(), values.sorted().toArray());
        }

        static Values of(Metric metric, List<UnitValue> units) {
            return of(metric, units.stream().mapToDouble(UnitValue::value));
        }

        @Override
        public long units() {
            return sorted.length;
        }

        @Override
        public long nonzero() {
            return Arrays.stream(sorted).filter(value -> value != 0).count();
        }

        @Override
        public Side plus(Side other) {
            var all =
                    DoubleStream.concat(
                            Arrays.stream(sorted), Arrays.stream(((Values) other).sorted));
            return new Values(level, all.sorted().toArray());
        }

        @Override
        public Shown shown() {
            var sample = sample();
            return new Shown(
                    units(),
                    sample.map(Sample::mean).toOptional(),
                    sample.flatMap(Sample::variance).toOptional(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());
        }

        @Override
        public Answer<Effect> beside(Side control) {
            return Answer.both(
                    ((Values) control).sample(),
                    sample(),
                    (a, b) -> Answer.known(Effect.of(Difference.of(a, b))));
        }

        private Answer<Sample> sample() {
            return Quantiles.Bounds.of(sorted, level).map(Quantiles.Bounds::sample);
        }
    }
}
