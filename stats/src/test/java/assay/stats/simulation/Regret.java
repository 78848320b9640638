package assay.stats.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import assay.stats.bandit.Allocation;
import assay.stats.bayes.Arms;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// What an allocation loses, in conversions, against always giving the best arm.
///
/// @param found how often Thompson sampling ends with the best arm recommended
record Regret(
        Scenario scenario,
        double uniform,
        double thompson,
        double floored,
        double topTwo,
        double found) {
    /// Arms with their true rates.
    ///
    /// @param limit of Thompson's regret as a share of uniform's
    record Scenario(String name, double limit, List<Double> rates) {
        double best() {
            return rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }

        double average() {
            return rates.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }
    }

    static final List<Scenario> SCENARIOS =
            List.of(
                    new Scenario("0.10, 0.12", 0.3, List.of(.10, .12)),
                    new Scenario(
                            "0.05, 0.06, 0.07, 0.08, 0.10", 0.3, List.of(.05, .06, .07, .08, .10)),
                    new Scenario(
                            "9 x 0.10, 0.13",
                            0.6,
                            List.of(.1, .1, .1, .1, .1, .1, .1, .1, .1, .13)),
                    new Scenario("0.50, 0.60, 0.55", 0.3, List.of(.5, .6, .55)));

    private static final int UNITS = 10_000;
    private static final int BATCH = 100;

    static Regret simulate(Scenario scenario, int repetitions) {
        double[] sums = new double[4];
        for (int repetition = 0; repetition < repetitions; repetition++) {
            String name = scenario.name();
            var thompson = run(scenario, Seeds.of(name, repetition), Allocation::thompson);
            var floored =
                    run(
                            scenario,
                            Seeds.of(name + " floored", repetition),
                            arms -> Allocation.withFloor(Allocation.thompson(arms), 0.01));
            var topTwo =
                    run(
                            scenario,
                            Seeds.of(name + " top two", repetition),
                            arms -> Allocation.topTwoSampling(arms, 0.5));
            sums[0] += regret(scenario, thompson);
            sums[1] += regret(scenario, floored);
            sums[2] += regret(scenario, topTwo);
            int recommended = Allocation.recommended(Worlds.posteriors(thompson));
            sums[3] += scenario.rates().get(recommended) == scenario.best() ? 1 : 0;
        }
        double uniform = UNITS * (scenario.best() - scenario.average());
        return new Regret(
                scenario,
                uniform,
                sums[0] / repetitions,
                sums[1] / repetitions,
                sums[2] / repetitions,
                sums[3] / repetitions);
    }

    private static Tally[] run(
            Scenario scenario, RandomGenerator random, Function<Arms, double[]> allocation) {
        var arms = new Tally[scenario.rates().size()];
        Arrays.setAll(arms, _ -> new Tally());
        for (int batch = 0; batch < UNITS / BATCH; batch++) {
            double[] weights = allocation.apply(Worlds.posteriors(arms));
            for (int i = 0; i < BATCH; i++) {
                int arm = pick(weights, random.nextDouble());
                arms[arm].add(random.nextDouble() < scenario.rates().get(arm) ? 1 : 0);
            }
        }
        return arms;
    }

    private static int pick(double[] weights, double point) {
        int arm = 0;
        double sum = weights[0];
        while (point >= sum && arm < weights.length - 1) {
            arm++;
            sum += weights[arm];
        }
        return arm;
    }

    private static double regret(Scenario scenario, Tally[] arms) {
        double regret = 0;
        for (int arm = 0; arm < arms.length; arm++) {
            regret += arms[arm].n() * (scenario.best() - scenario.rates().get(arm));
        }
        return regret;
    }

    String row() {
        return Report.row(
                scenario.name(),
                "%.0f".formatted(uniform),
                "%.0f".formatted(thompson),
                "%.0f".formatted(floored),
                "%.0f".formatted(topTwo),
                "%.2f".formatted(found));
    }

    void mustBeSmall() {
        assertThat(thompson / uniform).as(scenario.name()).isLessThanOrEqualTo(scenario.limit());
    }
}
