package assay.stats.assignment;

import assay.stats.Answer;
import assay.stats.Why;
import assay.stats.distribution.ChiSquare;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Whether a hash spreads subjects evenly: counts per bucket and their chi-square test.
///
/// @param counts subjects per bucket
/// @param critical statistic above which evenness is rejected at [#LEVEL]
public record Uniformity(List<Long> counts, SampleRatio.ChiSquareTest test, double critical) {
    /// Level of the check; small, because a hash is checked for many seeds.
    public static final double LEVEL = 0.001;

    public Uniformity {
        counts = List.copyOf(counts);
    }

    /// Hashes the subjects into equal buckets; undefined without subjects or with a single bucket.
    public static Answer<Uniformity> of(
            String seed, Stream<String> subjects, int version, int buckets) {
        long[] counts = new long[buckets];
        subjects.mapToDouble(subject -> Bucketing.hash(seed, subject, version))
                .forEach(hash -> counts[(int) (hash * buckets)]++);
        var boxed = LongStream.of(counts).boxed().toList();
        return SampleRatio.chiSquare(boxed, Collections.nCopies(buckets, 1.0))
                .map(test -> new Uniformity(boxed, test, critical(test)));
    }

    /// Whether two seeds place the same subjects independently of each other: the chi-square test
    /// of the table of both assignments. Undefined without subjects.
    public static Answer<SampleRatio.ChiSquareTest> independence(
            String seed, String otherSeed, List<String> subjects, int version, int buckets) {
        if (subjects.isEmpty()) {
            return Answer.undefined(Why.NO_UNITS);
        }
        long[] cells = new long[buckets * buckets];
        for (String subject : subjects) {
            int row = (int) (Bucketing.hash(seed, subject, version) * buckets);
            int column = (int) (Bucketing.hash(otherSeed, subject, version) * buckets);
            cells[row * buckets + column]++;
        }
        var weights =
                IntStream.range(0, cells.length)
                        .mapToObj(cell ->
                                (double) rowTotal(cells, cell / buckets, buckets)
                                        * columnTotal(cells, cell % buckets, buckets))
                        .toList();
        int degreesOfFreedom = (buckets - 1) * (buckets - 1);
        return SampleRatio.chiSquare(LongStream.of(cells).boxed().toList(), weights)
                .map(test ->
                        new SampleRatio.ChiSquareTest(
                                test.statistic(), degreesOfFreedom, test.expected()));
    }

    private static long rowTotal(long[] cells, int row, int buckets) {
        return IntStream.range(0, buckets).mapToLong(k -> cells[row * buckets + k]).sum();
    }

    private static long columnTotal(long[] cells, int column, int buckets) {
        return IntStream.range(0, buckets).mapToLong(k -> cells[k * buckets + column]).sum();
    }

    private static double critical(SampleRatio.ChiSquareTest test) {
        return ChiSquare.upperQuantile(LEVEL, test.degreesOfFreedom());
    }

    public boolean passes() {
        return test.pValue() > LEVEL;
    }
}
