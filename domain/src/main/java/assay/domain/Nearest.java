package assay.domain;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// The word somebody probably meant.
///
/// Distance is the optimal string alignment distance (insert, delete, replace, swap neighbours; G.
/// Navarro, ACM Computing Surveys 33 (2001) 31-88), without regard to case.
public final class Nearest {
    private static final int LONGEST = 64;

    private Nearest() {}

    /// The closest of the words, if it is close: at most one change in three letters.
    public static Optional<String> to(String word, Collection<String> words) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        var best = Optional.<String>empty();
        var least = Integer.MAX_VALUE;
        for (var candidate : words) {
            var distance = distance(lower(word), lower(candidate));
            var longer = Math.max(word.length(), candidate.length());
            if (distance * 3 <= longer && distance < least) {
                best = Optional.of(candidate);
                least = distance;
            }
        }
        return best;
    }

    /// The beginning of a repair: `Did you mean 'x'? `, with the blank, or nothing.
    public static String hint(String word, Collection<String> words) {
        return to(word, words)
                .map(near -> "Did you mean %s? ".formatted(Quoted.of(near)))
                .orElse("");
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static int distance(String a, String b) {
        var before = new int[b.length() + 1];
        var previous = new int[b.length() + 1];
        var row = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + change);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            var spare = before;
            before = previous;
            previous = row;
            row = spare;
        }
        return previous[b.length()];
    }
}
