package assay.domain.prompt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// How alike two texts are, from 0 to 1, without asking anybody. Equal texts are 1; two of which
/// one is empty are 0.
final class Likeness {
    /// Characters that edits are counted in; the work grows with the square.
    private static final int LONGEST = 1_500;

    private static final int PIECE = 3;

    private Likeness() {}

    /// The share of words that both have, of all that either has.
    ///
    /// Source: P. Jaccard, New Phytologist 11 (1912) 37-50.
    static double ofWords(String a, String b) {
        if (a.equals(b)) {
            return 1;
        }
        var one = new HashSet<>(words(a));
        var other = new HashSet<>(words(b));
        var all = new HashSet<>(one);
        all.addAll(other);
        one.retainAll(other);
        return all.isEmpty() ? 0 : (double) one.size() / all.size();
    }

    private static List<String> words(String text) {
        var normal = NormalText.of(text);
        return normal.isEmpty() ? List.of() : List.of(normal.split(" ", -1));
    }

    /// One minus the edits (put in, take out, replace a character) that lead from one to the other,
    /// per character of the longer one. Of long texts the first 1,500 characters count.
    ///
    /// Source: V. I. Levenshtein, Soviet Physics Doklady 10 (1966) 707-710.
    static double ofEdits(String a, String b) {
        var one = a.substring(0, Math.min(a.length(), LONGEST));
        var other = b.substring(0, Math.min(b.length(), LONGEST));
        var longer = Math.max(one.length(), other.length());
        return longer == 0 ? 1 : 1 - (double) edits(one, other) / longer;
    }

    private static int edits(String a, String b) {
        var before = new int[b.length() + 1];
        var row = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + 1);
            }
            var done = before;
            before = row;
            row = done;
        }
        return before[b.length()];
    }

    /// The cosine between the counts of three-character pieces, without case and punctuation.
    static double ofPieces(String a, String b) {
        if (a.equals(b)) {
            return 1;
        }
        var one = pieces(a);
        var other = pieces(b);
        var common = 0.0;
        for (var piece : one.entrySet()) {
            common += (double) piece.getValue() * other.getOrDefault(piece.getKey(), 0);
        }
        var lengths = length(one) * length(other);
        return lengths == 0 ? 0 : Math.min(1, common / lengths);
    }

    private static Map<String, Integer> pieces(String text) {
        var padded = " " + NormalText.of(text) + " ";
        var pieces = new HashMap<String, Integer>();
        for (var i = 0; i + PIECE <= padded.length(); i++) {
            pieces.merge(padded.substring(i, i + PIECE), 1, Integer::sum);
        }
        return pieces;
    }

    private static double length(Map<String, Integer> pieces) {
        return Math.sqrt(
                pieces.values().stream().mapToDouble(count -> (double) count * count).sum());
    }
}
