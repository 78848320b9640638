package assay.domain.experiment;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A time within an iteration in which new subjects were drawn in the same way.
///
/// @param index counts from 1 on within the iteration
/// @param shares what each arm gets of the subjects who enter, in the order of the arms; 0 for arms
///   that are not in it, else they sum to 1
/// @param coverage share of all subjects who enter, 0 to 1
/// @param from when it began
/// @param ranges the buckets of each arm, in the order of the arms
public record Cohort(
        int index, List<Double> shares, double coverage, Instant from, List<Range> ranges) {
    public Cohort {
        shares = List.copyOf(shares);
        ranges = List.copyOf(ranges);
    }

    /// Divides the buckets: each arm owns as many as its weight promises, by largest remainder, and
    /// of these the first ones are used, as many as the coverage promises. So another coverage
    /// never moves a subject to another arm. The ranges are such as GrowthBook's SDKs take as
    /// `ranges`.
    ///
    /// @param weights one per arm, relative, not negative, not all 0
    /// @param coverage 0 to 1
    public static Cohort of(
            int index, List<BigDecimal> weights, BigDecimal coverage, Instant from) {
        var owned = divided(Range.BUCKETS, weights);
        var whole = coverage.multiply(BigDecimal.valueOf(Range.BUCKETS));
        var used =
                divided(
                        (int) Math.round(whole.doubleValue()),
                        IntStream.of(owned).mapToObj(BigDecimal::valueOf).toList());
        var ranges = new ArrayList<Range>();
        var start = 0;
        for (var arm = 0; arm < owned.length; arm++) {
            ranges.add(new Range(start, start + used[arm]));
            start += owned[arm];
        }
        var all = Math.max(1, IntStream.of(used).sum());
        return new Cohort(
                index,
                IntStream.of(used).mapToObj(count -> (double) count / all).toList(),
                coverage.doubleValue(),
                from,
                ranges);
    }

    /// Whole parts in proportion to weights, by largest remainder; of equal ones the first.
    static int[] divided(int total, List<BigDecimal> weights) {
        var sum = weights.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        var parts = new int[weights.size()];
        var remainders = new ArrayList<BigDecimal>();
        var left = total;
        for (var i = 0; i < parts.length; i++) {
            var quota = weights.get(i).multiply(BigDecimal.valueOf(total));
            var whole = quota.divideToIntegralValue(sum);
            parts[i] = whole.intValueExact();
            remainders.add(quota.subtract(whole.multiply(sum)));
            left -= parts[i];
        }
        IntStream.range(0, parts.length)
                .boxed()
                .sorted(Comparator.comparing(remainders::get, Comparator.reverseOrder()))
                .limit(left)
                .forEach(i -> parts[i]++);
        return parts;
    }
}
