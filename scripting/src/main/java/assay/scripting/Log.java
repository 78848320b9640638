package assay.scripting;

import java.util.ArrayList;
import java.util.List;

/// The lines that a script writes, up to a number of characters. A line break counts as one.
final class Log {
    private final List<String> lines = new ArrayList<>();
    private int left;

    Log(int characters) {
        left = characters;
    }

    /// Adds a line, or what fits of it.
    ///
    /// @return whether all of it did
    boolean add(String line) {
        if (line.length() < left) {
            lines.add(line);
            left -= line.length() + 1;
            return true;
        }
        if (left > 0) {
            lines.add(line.substring(0, left));
            left = 0;
        }
        return false;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
