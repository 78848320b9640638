package assay.stats.simulation;

import assay.stats.Alternative;
import assay.stats.Estimate;
import assay.stats.elimination.SuccessiveElimination;
import assay.stats.sequential.AsymptoticSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Eight arms over the same items, the first of which is the best or as good as any.
final class EightArms {
    private static final int ARMS = 8;
    private static final int STEP = 10;
    private static final int BURN_IN = 30;
    private static final int MOST = 20_000;
    private static final int WATCHED = 1_000;
    private static final double ALPHA = 0.05;
    private static final double PLANNED = 500;

    /// @param isGated true where the saving is promised
    record Contest(String name, List<Double> means, boolean isGated) {}

    static final List<Contest> CONTESTS =
            List.of(
                    new Contest(
                            "evenly spread, 0.60 to 0.25",
                            List.of(0.60, 0.55, 0.50, 0.45, 0.40, 0.35, 0.30, 0.25),
                            true),
                    new Contest(
                            "close together, 0.60 to 0.49",
                            List.of(0.60, 0.55, 0.54, 0.53, 0.52, 0.51, 0.50, 0.49),
                            true),
                    new Contest(
                            "one at 0.60, the rest at 0.55",
                            List.of(0.60, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55, 0.55),
                            false),
                    new Contest("all at 0.50", List.of(.5, .5, .5, .5, .5, .5, .5, .5), false));

    record Found(double uniform, double eliminating, double wrongUniform, double wrong) {
        double ratio() {
            return eliminating / uniform;
        }
    }

    private EightArms() {}

    static Found simulate(Contest contest, int repetitions) {
        boolean isNull = contest.means().stream().distinct().count() == 1;
        double[] units = new double[2];
        int[] wrong = new int[2];
        for (int repetition = 0; repetition < repetitions; repetition++) {
            for (int way = 0; way < 2; way++) {
                var run = new Run(contest, way == 1, repetition, isNull ? WATCHED : MOST);
                units[way] += run.units;
                wrong[way] += run.in.contains(0) ? 0 : 1;
            }
        }
        return new Found(
                units[0] / repetitions,
                units[1] / repetitions,
                (double) wrong[0] / repetitions,
                (double) wrong[1] / repetitions);
    }

    /// Items until one arm is left.
    private static final class Run implements SuccessiveElimination.Contest {
        private final AsymptoticSequence[][] sequences = new AsymptoticSequence[ARMS][ARMS];
        private final double[][] sums = new double[ARMS][ARMS];
        private final double[][] squares = new double[ARMS][ARMS];
        private final int[][] items = new int[ARMS][ARMS];
        private final List<Integer> in = new ArrayList<>(IntStream.range(0, ARMS).boxed().toList());
        private long units;

        Run(Contest contest, boolean isEliminating, int repetition, int most) {
            var random = Seeds.of("eight arms " + contest.name(), repetition);
            for (int arm = 0; arm < ARMS; arm++) {
                for (int other = 0; other < arm; other++) {
                    sequences[arm][other] =
                            AsymptoticSequence.tunedFor(
                                    PLANNED,
                                    ALPHA * SuccessiveElimination.share(ARMS, arm, other),
                                    Alternative.TWO_SIDED);
                }
            }
            double[] scores = new double[ARMS];
            for (int n = 1; n <= most && in.size() > 1; n++) {
                double item = random.nextGaussian();
                for (int arm = 0; arm < ARMS; arm++) {
                    double own = random.nextGaussian();
                    scores[arm] = contest.means().get(arm) + 0.2 * Math.sqrt(0.5) * (item + own);
                }
                var run = isEliminating ? in : IntStream.range(0, ARMS).boxed().toList();
                units += run.size();
                for (int arm : run) {
                    for (int other : run) {
                        if (other < arm) {
                            add(arm, other, scores[arm] - scores[other]);
                        }
                    }
                }
                if (n % STEP == 0 && n >= BURN_IN) {
                    var out =
                            SuccessiveElimination.now(in, this).stream()
                                    .map(SuccessiveElimination.Out::arm)
                                    .toList();
                    in.removeAll(out);
                }
            }
        }

        private void add(int arm, int other, double difference) {
            items[arm][other]++;
            sums[arm][other] += difference;
            squares[arm][other] += difference * difference;
        }

        @Override
        public boolean isBetter(int arm, int other, double tolerance) {
            int later = Math.max(arm, other);
            int earlier = Math.min(arm, other);
            int n = items[later][earlier];
            double mean = sums[later][earlier] / n;
            double variance = (squares[later][earlier] - n * mean * mean) / (n - 1.0);
            var interval =
                    sequences[later][earlier]
                            .at(n, new Estimate(mean, Math.sqrt(variance / n)))
                            .get()
                            .interval();
            return arm == later ? interval.lower() > -tolerance : interval.upper() < tolerance;
        }

        @Override
        public double difference(int arm, int other) {
            int later = Math.max(arm, other);
            int earlier = Math.min(arm, other);
            double mean = sums[later][earlier] / items[later][earlier];
            return arm == later ? mean : -mean;
        }
    }
}
