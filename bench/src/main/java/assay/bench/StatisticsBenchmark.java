package assay.bench;

import assay.stats.Moments;
import assay.stats.assignment.Bucketing;
import assay.stats.assignment.SampleRatio;
import assay.stats.bayes.Arms;
import assay.stats.bayes.BetaPosterior;
import assay.stats.comparison.Arm;
import assay.stats.comparison.Comparison;
import assay.stats.comparison.Method;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one answer of the statistics engine costs, by the number of units behind it.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StatisticsBenchmark {
    @Param({"1000", "1000000", "1000000000"})
    public long units;

    private final Method method = Method.always(5_000);
    private final BetaPosterior flat = new BetaPosterior(1, 1);
    private Arm control = new Arm.Mean(new Moments());
    private Arm treatment = new Arm.Mean(new Moments());
    private List<BetaPosterior> two = List.of();
    private List<BetaPosterior> ten = List.of();
    private final Moments running = new Moments();
    private double value = 0.1;

    @Setup
    public void fill() {
        control = arm(12.5);
        treatment = arm(12.9);
        two = rates(2);
        ten = rates(10);
    }

    /// A thousand different values, merged with themselves until there are enough.
    private Arm arm(double center) {
        var moments = new Moments();
        IntStream.range(0, 1_000).forEach(i -> moments.add(center + i % 37 * 0.173));
        while (moments.n() < units) {
            moments.merge(moments.copy());
        }
        return new Arm.Mean(moments);
    }

    private List<BetaPosterior> rates(int arms) {
        return IntStream.range(0, arms)
                .mapToObj(i -> BetaPosterior.of(units / 10 + i * units / 5_000, units, flat))
                .toList();
    }

    /// Lift and difference with sequences, Bayesian figures and the sample-ratio test of two arms,
    /// from their running sums.
    @Benchmark
    public Object fullComparison() {
        var srm =
                SampleRatio.sequential(
                        List.of(control.n(), treatment.n()),
                        List.of(0.5, 0.5),
                        SampleRatio.DEFAULT_CONCENTRATION);
        return List.of(Comparison.of(method, control, treatment), srm);
    }

    /// Probability to be the best, losses and credible intervals of two rates.
    @Benchmark
    public Object betaBinomialOfTwoArms() {
        var arms = Arms.ofRates(two);
        return List.of(
                arms.probabilityBest(),
                arms.expectedLoss(),
                two.get(0).credible(0.05),
                two.get(1).credible(0.05));
    }

    /// Probability to be the best of ten rates.
    @Benchmark
    public Object bestOfTenArms() {
        return Arms.ofRates(ten).probabilityBest();
    }

    /// One unit more in the exact sums.
    @Benchmark
    public Object addUnit() {
        value = value * 1.000001 % 1e6;
        running.add(value);
        return running;
    }

    /// One assignment.
    @Benchmark
    public double assignment() {
        return Bucketing.hash("checkout", "user-1234567", 2);
    }
}
