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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// A design run with made-up units: in batches, with a look by the engine's own rule after each,
/// until it says something else than to go on.
///
/// Only the primary metric is made up: rates by chance, means from a normal distribution.
///
/// @param effects what is added to the baseline's mean in each arm, in the order of the arms
/// @param sample units of all arms
record Simulation(
        Design design,
        Expectation.Baseline baseline,
        List<Double> effects,
        long sample,
        int looks) {
    /// How one run ended.
    ///
    /// @param units that it took
    /// @param exaggeration the winner's estimated effect over its true one; empty without a winner
    ///   or where there is no effect
    record Ending(
            Decision.Verdict verdict,
            Optional<String> winner,
            long units,
            Optional<Double> exaggeration) {}

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
        Arrays.setAll(arms, i -> new Arm());
        var before = new ArrayList<Events.Look>();
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
            before.add(
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
        private long nonzero;
        private double sum;
        private double squares;

        Cell cell(String key) {
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
            add(random, arms[i], n, effects.get(i));
        }
    }

    private void add(RandomGenerator random, Arm arm, long n, double effect) {
        arm.units += n;
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

    private Readout look(Arm[] arms, List<Events.Look> before) {
        var cells = new ArrayList<Cell>();
        Map<String, Long> units = new HashMap<>();
        for (var i = 0; i < arms.length; i++) {
            var key = design.arms().get(i).key();
            cells.add(arms[i].cell(key));
            units.put(key, arms[i].units);
        }
        var exposed = new Exposed(Map.of(1, units));
        var stage = Stage.of(design.rule(), exposed.total(), before);
        var primary =
                Analysis.of(
                                design,
                                design.primary().summed(),
                                cells,
                                1.0 / design.treatments().size(),
                                stage.inference(design.rule()))
                        .at(stage);
        var grounds =
                new Decision.Grounds(design, exposed, primary, List.of(), List.of(), before, stage);
        return new Readout("", grounds, Decision.of(grounds), 0, Map.of(), Optional.empty(), 0, 0);
    }

    private Ending ending(Readout readout, long seen) {
        var decision = readout.decision();
        return new Ending(
                decision.verdict(),
                decision.winner(),
                seen,
                decision.winner().flatMap(arm -> exaggeration(readout, arm)));
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

    /// True when it would be wrong to ship an arm.
    boolean isWrong(String arm) {
        return design.primary().direction().sign() * effect(arm) <= 0;
    }
}
