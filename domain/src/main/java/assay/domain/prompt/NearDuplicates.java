package assay.domain.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Finds all pairs of texts that share most of their five-character pieces (Jaccard similarity),
/// without comparing each with each: two sets that are similar enough share one of their few rarest
/// members.
///
/// Texts that differ in a number are not called similar: "What is 17 + 4?" is another question than
/// "What is 17 + 5?".
///
/// Source: R. J. Bayardo, Y. Ma, R. Srikant, "Scaling up all pairs similarity search", WWW 2007;
/// the same pairs as by comparing all, not a sample of them.
final class NearDuplicates {
    private static final int PIECE = 5;

    /// Characters of a text that are looked at.
    private static final int LONGEST = 4_000;

    /// Steps after which the search ends: about a second.
    private static final long MOST_STEPS = 300_000_000;

    /// Steps that it takes to meet another text.
    private static final int PER_MEETING = 10;

    private static final int MOST_PAIRS = 100_000;

    private static final int COUNTERS = 1 << 20;
    private static final Pattern NUMBERS = Pattern.compile("[^0-9]+");

    private final double threshold;
    private final List<Pair> pairs = new ArrayList<>();
    private long steps;

    private NearDuplicates(double threshold) {
        this.threshold = threshold;
    }

    /// @param a place of the first text in the list
    /// @param b place of the second, behind the first
    /// @param similarity 0 to 1
    record Pair(int a, int b, double similarity) {}

    /// @param pairs those at least as similar as asked for, the most similar first
    /// @param isComplete false when there were too many to compare them all
    record Found(List<Pair> pairs, boolean isComplete) {}

    /// A text as a set.
    private static final class Pieces {
        final int text;

        /// Sorted, the rarest first.
        final long[] pieces;

        final String numbers;

        Pieces(int text, long[] pieces, String numbers) {
            this.text = text;
            this.pieces = pieces;
            this.numbers = numbers;
        }
    }

    /// Finds the pairs among different texts.
    ///
    /// @param texts as [NormalText] has them, no two equal
    /// @param threshold above 0, at most 1
    static Found among(List<String> texts, double threshold) {
        var search = new NearDuplicates(threshold);
        search.find(sets(texts));
        search.pairs.sort(
                Comparator.comparingDouble((Pair pair) -> -pair.similarity())
                        .thenComparingInt(Pair::a)
                        .thenComparingInt(Pair::b));
        return new Found(List.copyOf(search.pairs), search.hasTime());
    }

    private static List<Pieces> sets(List<String> texts) {
        var counts = new int[COUNTERS];
        var hashes = new ArrayList<int[]>();
        for (var text : texts) {
            var pieces = pieces(text);
            hashes.add(pieces);
            for (var piece : pieces) {
                counts[piece & (COUNTERS - 1)]++;
            }
        }
        var sets = new ArrayList<Pieces>();
        for (var i = 0; i < texts.size(); i++) {
            var ordered =
                    Arrays.stream(hashes.get(i))
                            .mapToLong(piece ->
                                    ((long) counts[piece & (COUNTERS - 1)] << 32)
                                            | Integer.toUnsignedLong(piece))
                            .sorted()
                            .toArray();
            sets.add(new Pieces(i, ordered, NUMBERS.matcher(texts.get(i)).replaceAll(" ").strip()));
        }
        sets.sort(Comparator.comparingInt(set -> set.pieces.length));
        return sets;
    }

    private static int[] pieces(String text) {
        var bounded = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        var pieces = new HashSet<Integer>();
        for (var i = 0; i + PIECE <= Math.max(PIECE, bounded.length()); i++) {
            pieces.add(
                    spread(bounded.substring(i, Math.min(bounded.length(), i + PIECE)).hashCode()));
        }
        return pieces.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The finaliser of MurmurHash3.
    private static int spread(int hash) {
        var h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    /// In order of size, so that each set meets only those that are not larger.
    private void find(List<Pieces> sets) {
        Map<Long, List<Integer>> byPiece = new HashMap<>();
        for (var i = 0; i < sets.size() && hasTime(); i++) {
            var set = sets.get(i);
            var rarest =
                    set.pieces.length - (int) Math.ceil(threshold * set.pieces.length - 1e-9) + 1;
            var met = new LinkedHashMap<Integer, Boolean>();
            for (var k = 0; k < rarest; k++) {
                var others = byPiece.computeIfAbsent(set.pieces[k], _ -> new ArrayList<>());
                for (var j = others.size() - 1;
                        j >= 0 && isLargeEnough(sets.get(others.get(j)), set);
                        j--) {
                    met.put(others.get(j), true);
                    steps += PER_MEETING;
                }
                others.add(i);
            }
            for (var other : met.keySet()) {
                compare(sets.get(other), set);
            }
        }
    }

    private boolean isLargeEnough(Pieces smaller, Pieces larger) {
        return smaller.pieces.length >= threshold * larger.pieces.length - 1e-9;
    }

    private void compare(Pieces one, Pieces other) {
        if (!hasTime() || !one.numbers.equals(other.numbers)) {
            return;
        }
        steps += one.pieces.length + other.pieces.length;
        var similarity = jaccard(one.pieces, other.pieces);
        if (similarity >= threshold - 1e-9) {
            pairs.add(
                    new Pair(
                            Math.min(one.text, other.text),
                            Math.max(one.text, other.text),
                            similarity));
        }
    }

    private boolean hasTime() {
        return steps < MOST_STEPS && pairs.size() < MOST_PAIRS;
    }

    private static double jaccard(long[] a, long[] b) {
        var common = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] == b[j]) {
                common++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return (double) common / (a.length + b.length - common);
    }
}
