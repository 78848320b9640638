package assay.stats.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The tables of a run, written to the documentation in the place of those of the run before; what
/// a run did not make again stays.
final class Report {
    private static final Path FILE = Path.of("../docs/statistics-simulations.md");
    private static final String SECTION = "\n## ";

    private final Map<String, String> sections = new LinkedHashMap<>();

    void add(String title, String text) {
        sections.put(title, text);
        System.out.println("## " + title + "\n" + text);
    }

    void write() throws IOException {
        var file = Files.readString(FILE);
        for (var section : sections.entrySet()) {
            file = with(file, section.getKey(), section.getValue());
        }
        Files.writeString(FILE, file);
    }

    private static String with(String file, String title, String text) {
        var heading = SECTION + title + "\n";
        var whole = heading + "\n" + text;
        int from = file.indexOf(heading);
        if (from < 0) {
            return file + whole;
        }
        int next = file.indexOf(SECTION, from + heading.length());
        return file.substring(0, from) + whole + (next < 0 ? "" : file.substring(next));
    }

    /// One row of a Markdown table.
    static String row(Object... cells) {
        var row = new StringBuilder("|");
        for (var cell : cells) {
            row.append(' ').append(cell instanceof Double share ? "%.3f".formatted(share) : cell);
            row.append(" |");
        }
        return row.append('\n').toString();
    }

    static String rule(int columns) {
        return "|" + "---|".repeat(columns) + "\n";
    }
}
