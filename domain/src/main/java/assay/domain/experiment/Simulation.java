package assay.domain.experiment;

import assay.domain.store.Cell;
import assay.domain.store.Events;
import assay.stats.Estimate;
import assay.stats.ExactSum;
import assay.stats.JointMoments;
import assay.stats.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// A design run with made-up units: in batches, with a look by the engine's own rule after each,
/// until it says something else than to go on.
///
/// The primary metric and the guardrails are made up, each by itself: rates by chance, means from a
/// normal distribution.
///
/// @param effects what is added to the baseline's mean in each arm, in the order of the arms
/// @param guardrails one for each that the design has, in its order
/// @param sample units of all arms
record Simulation(
        Design design,
        Expectation.Baseline baseline,
        List<Double> effects,
        List<Guardrail> guardrails,
        long sample,
        int looks) {
    /// A guardrail that is made up.
    ///
    /// @param effect what is added to the baseline's mean in every treatment
    record Guardrail(Metric metric, Expectation.Baseline baseline, double effect) {
        Guardrail unharmed() {
            return new Guardrail(metric, baseline, 0);
        }
    }

    /// How one run ended.
    ///
    /// @param units that it took
    /// @param exaggeration the winner's estimated effect over its true one; empty without a winner
    ///   or where there is no effect
    /// @param breached names of the guardrails that some treatment breaches at the end
    record Ending(
            Decision.Verdict verdict,
            Optional<String> winner,
            long units,
            Optional<Double> exaggeration,
            Set<String> breached) {}

    /// Runs it so many times.
    List<Ending> run(int runs, long seed) {
        var seeds = new SplittableRandom(seed);
        var endings = new ArrayList<Ending>();
        for (var run = 0; run < runs; run++) {
            endings.add(run(seeds.split()));
        }
        return endings;
    }

    private Ending run(RandomGenerator random) {
        var arms = new Arm[effects.size()];
        Arrays.setAll(arms, _ -> new Arm(guardrails.size()));
        var before = Earlier.NONE;
        var seen = 0L;
        for (var look = 1; ; look++) {
            var until = Math.round((double) sample * look / looks);
            grow(random, arms, until - seen);
            seen = until;
            var readout = look(arms, before);
            var decision = readout.decision();
            if (decision.verdict() != Decision.Verdict.KEEP_RUNNING || look == looks) {
                return ending(readout, seen);
            }
            before =
                    before.plus(
                            new Events.Look(
                                    look,
                                    look,
                                    "",
                                    look,
                                    true,
                                    decision.verdict().word(),
                                    readout.numbers()));
        }
    }

    /// What has come to an arm.
    private static final class Arm {
        private long units;
        private final Sums primary = new Sums();
        private final Sums[] guardrails;

        Arm(int guardrails) {
            this.guardrails = new Sums[guardrails];
            Arrays.setAll(this.guardrails, _ -> new Sums());
        }
    }

    /// What the units of an arm come to under one metric.
    private static final class Sums {
        private long nonzero;
        private double sum;
        private double squares;

        Cell cell(String key, long units) {
            var values = Moments.ofSums(units, ExactSum.of(sum), ExactSum.of(squares));
            var moments =
                    JointMoments.ofSums(
                            values,
                            Moments.ofSums(units, new ExactSum(), new ExactSum()),
                            new ExactSum());
            return new Cell(1, key, units, nonzero, moments);
        }
    }

    /// New units are drawn into the arms, and what they do is made up.
    private void grow(RandomGenerator random, Arm[] arms, long units) {
        var shares = design.shares();
        var left = units;
        var share = 1.0;
        for (var i = 0; i < arms.length; i++) {
            var last = i == arms.length - 1;
            var n = last ? left : Draws.binomial(random, left, Math.min(1, shares.get(i) / share));
            left -= n;
            share -= shares.get(i);
            arms[i].units += n;
            add(random, arms[i].primary, n, baseline, effects.get(i));
            var isControl = design.arms().get(i).equals(design.control());
            for (var g = 0; g < guardrails.size(); g++) {
                var guardrail = guardrails.get(g);
                add(
                        random,
                        arms[i].guardrails[g],
                        n,
                        guardrail.baseline(),
                        isControl ? 0 : guardrail.effect());
            }
        }
    }

    private static void add(
            RandomGenerator random,
            Sums arm,
            long n,
            Expectation.Baseline baseline,
            double effect) {
        var mean = baseline.mean() + effect;
        if (baseline.isRate()) {
            var successes = Draws.binomial(random, n, mean);
            arm.nonzero += successes;
            arm.sum += successes;
            arm.squares += successes;
        } else if (n > 0) {
            var average = mean + baseline.sd() / Math.sqrt((double) n) * random.nextGaussian();
            arm.nonzero += n;
            arm.sum += n * average;
            arm.squares +=
                    baseline.sd() * baseline.sd() * Draws.chiSquare(random, n - 1)
                            + n * average * average;
        }
    }

    private Readout look(Arm[] arms, Earlier before) {
        Map<String, Long> units = new HashMap<>();
        for (var i = 0; i < arms.length; i++) {
            units.put(design.arms().get(i).key(), arms[i].units);
        }
        var exposed = new Exposed(Map.of(1, units));
        var stage = Stage.of(design.rule(), exposed.total(), before);
        var share = 1.0 / design.treatments().size();
        var primary = analysis(arms, arm -> arm.primary, design.primary(), share, stage);
        var guards = new ArrayList<Analysis>();
        for (var g = 0; g < guardrails.size(); g++) {
            var index = g;
            guards.add(
                    analysis(
                            arms,
                            arm -> arm.guardrails[index],
                            guardrails.get(g).metric(),
                            share / guardrails.size(),
                            stage));
        }
        var grounds =
                new Decision.Grounds(design, exposed, primary, guards, List.of(), before, stage);
        return new Readout("", grounds, Decision.of(grounds), 0, Map.of(), Optional.empty(), 0, 0);
    }

    private Analysis analysis(
            Arm[] arms, Function<Arm, Sums> sums, Metric metric, double share, Stage stage) {
        var cells = new ArrayList<Cell>();
        for (var i = 0; i < arms.length; i++) {
            cells.add(sums.apply(arms[i]).cell(design.arms().get(i).key(), arms[i].units));
        }
        return Analysis.of(
                        design,
                        metric.summed(),
                        cells,
                        share,
                        stage.inference(design.rule()).rough())
                .at(stage);
    }

    private Ending ending(Readout readout, long seen) {
        var decision = readout.decision();
        return new Ending(
                decision.verdict(),
                decision.winner(),
                seen,
                decision.winner().flatMap(arm -> exaggeration(readout, arm)),
                breached(readout));
    }

    private static Set<String> breached(Readout readout) {
        var breached = new LinkedHashSet<String>();
        for (var guardrail : readout.grounds().guardrails()) {
            for (var comparison : guardrail.comparisons()) {
                if (Decision.isBreached(guardrail, comparison.arm())) {
                    breached.add(guardrail.metric().name());
                }
            }
        }
        return breached;
    }

    private Optional<Double> exaggeration(Readout readout, String arm) {
        var truth = effect(arm);
        return truth == 0
                ? Optional.empty()
                : readout.grounds().primary().comparisons().stream()
                        .filter(comparison -> comparison.arm().equals(arm))
                        .findFirst()
                        .flatMap(Analysis.Comparison::difference)
                        .map(Estimate::value)
                        .map(estimate -> estimate / truth);
    }

    /// The true difference of an arm from the control.
    double effect(String arm) {
        var keys = design.arms().stream().map(Design.Arm::key).toList();
        return effects.get(keys.indexOf(arm)) - effects.get(keys.indexOf(design.control().key()));
    }

    /// True when it would be wrong to ship an arm: what the rule claims of it does not hold.
    boolean isWrong(String arm) {
        var gain = design.primary().direction().sign() * effect(arm);
        return switch (design.rule().policy().primary()) {
            case BETTER -> gain <= 0;
            case NON_INFERIOR -> gain <= -margin();
            case NOT_WORSE -> gain < 0;
        };
    }

    private double margin() {
        var margin = design.primary().tolerance();
        return margin.isRelative() ? margin.size() * Math.abs(baseline.mean()) : margin.size();
    }
}
