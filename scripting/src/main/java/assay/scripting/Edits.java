package assay.scripting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A text, and what is put in place of parts of it. Knows for each place in the new text where that
/// was in the old one.
final class Edits {
    private record Edit(int from, int to, String replacement) {}

    private final String shown;
    private final String original;
    private final List<Edit> edits = new ArrayList<>();

    Edits(String original) {
        this(original, original);
    }

    /// @param shown what is quoted in place of the text: one of the same length, with the same
    ///   lines
    Edits(String shown, String original) {
        this.shown = shown;
        this.original = original;
    }

    /// Puts a replacement in place of a part. Parts do not overlap; of two additions at one place
    /// the first comes first.
    Edits replace(int from, int to, String replacement) {
        edits.add(new Edit(from, to, replacement));
        edits.sort(Comparator.comparingInt(Edit::from).thenComparingInt(Edit::to));
        return this;
    }

    Edits insert(int at, String addition) {
        return replace(at, at, addition);
    }

    /// The new text.
    String text() {
        var text = new StringBuilder(original.length() + 64);
        int done = 0;
        for (var edit : edits) {
            text.append(original, done, edit.from).append(edit.replacement);
            done = edit.to;
        }
        return text.append(original, done, original.length()).toString();
    }

    /// Where the character at an index of the new text was in the old one. What was not there at
    /// all is where it was put.
    int origin(int index) {
        int shift = 0;
        for (var edit : edits) {
            int start = edit.from + shift;
            if (index < start) {
                break;
            }
            if (index < start + edit.replacement.length()) {
                return edit.from;
            }
            shift += edit.replacement.length() - (edit.to - edit.from);
        }
        return Math.clamp(index - shift, 0, original.length());
    }

    /// The bracket that is never closed between two places of the old text.
    Optional<Outcome.Position> unclosed(int from, int to) {
        var open = Outline.unclosed(original, from, to);
        return open.isPresent() ? Optional.of(position(open.getAsInt())) : Optional.empty();
    }

    /// The line that holds a place of the old text.
    Outcome.Position position(int at) {
        int start = original.lastIndexOf('\n', at - 1) + 1;
        int end = original.indexOf('\n', at);
        var line = shown.substring(start, end < 0 ? original.length() : end).stripTrailing();
        return new Outcome.Position(
                1 + (int) original.substring(0, start).chars().filter(c -> c == '\n').count(),
                1 + at - start,
                line.length() > 200 ? line.substring(0, 200) : line);
    }
}
