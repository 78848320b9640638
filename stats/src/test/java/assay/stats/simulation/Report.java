package assay.stats.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The tables of a run, written to the documentation once all of them are there.
final class Report {
    private static final Path FILE = Path.of("../docs/statistics-simulations.md");
    private static final int SECTIONS = 6;
    private static final String HEAD =
            """
            # Simulated error rates, coverage, power and regret

            Written by `mvn verify -Pheavy -pl stats`, which also checks the gates named here. Every run is
            seeded, so the figures repeat. "False positives" is the share of experiments without an effect in
            which the method claimed one at any look; the standard error of a share s in r repetitions is
            sqrt(s (1 - s) / r). Always-valid methods decide from 100 units per arm on, rates also from 25
            conversions on, pairs from 30 on; betting and sign e-processes from the first pair.
            """;

    private final Map<Integer, String> sections = new TreeMap<>();

    void add(int position, String title, String text) {
        sections.put(position, "\n## " + title + "\n\n" + text);
        System.out.println("## " + title + "\n" + text);
    }

    void write() throws IOException {
        if (sections.size() == SECTIONS) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, HEAD + String.join("", sections.values()));
        }
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
