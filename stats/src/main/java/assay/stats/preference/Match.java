package assay.stats.preference;

/// The judgements between two of several items, by their index.
public record Match(int first, int second, long winsFirst, long winsSecond, long ties) {
    public Match {
        if (first == second || winsFirst < 0 || winsSecond < 0 || ties < 0) {
            throw new IllegalArgumentException(
                    "Not a match: %d against %d".formatted(first, second));
        }
    }

    double games() {
        return (double) winsFirst + winsSecond + ties;
    }

    /// Wins of the first item, a tie half a win.
    double score() {
        return winsFirst + ties / 2.0;
    }
}
