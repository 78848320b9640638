package assay.scripting;

import java.util.ArrayList;
import java.util.List;

/// A text, and what is put in place of parts of it. Knows for each place in the new text where that
/// was in the old one.
final class Edits {
    private record Edit(int from, int to, String replacement) {}

    private final String original;
    private final List<Edit> edits = new ArrayList<>();

    Edits(String original) {
        this.original = original;
    }

    /// Puts a replacement in place of a part. Parts are given from left to right.
    Edits replace(int from, int to, String replacement) {
        edits.add(new Edit(from, to, replacement));
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

    /// The line that holds a place of the old text.
    Outcome.Position position(int at) {
        int start = original.lastIndexOf('\n', at - 1) + 1;
        int end = original.indexOf('\n', at);
        var line = original.substring(start, end < 0 ? original.length() : end).stripTrailing();
        return new Outcome.Position(
                1 + (int) original.substring(0, start).chars().filter(c -> c == '\n').count(),
                1 + at - start,
                line.length() > 200 ? line.substring(0, 200) : line);
    }
}
