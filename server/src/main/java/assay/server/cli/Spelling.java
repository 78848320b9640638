package assay.server.cli;

import java.util.List;

/// Guesses the word that somebody meant.
final class Spelling {
    private Spelling() {}

    /// A question to go into a message: `Did you mean 'search'? ` with its space, or nothing when
    /// no word is near.
    static String meant(String word, List<String> words) {
        var best = "";
        int least = Math.max(2, word.length() / 3) + 1;
        for (var candidate : words) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "Did you mean '" + best + "'? ";
    }

    /// Levenshtein's distance, with two neighbours swapped counted as one change.
    private static int distance(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
                least = Math.min(least, rows[i - 1][j - 1] + change);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = least;
            }
        }
        return rows[a.length()][b.length()];
    }
}
