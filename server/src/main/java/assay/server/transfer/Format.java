package assay.server.transfer;

import assay.server.cli.Usage;
import java.util.Locale;
import java.util.Optional;

/// How rows are written in a file.
public enum Format {
    /// A header line with names, then a line a row; RFC 4180.
    CSV,
    /// A JSON object a line.
    JSONL,
    /// One JSON value.
    JSON;

    /// The format that was asked for, else the one that the name of a file tells.
    ///
    /// @throws Usage if it is none, or nothing tells it
    static Format ofFile(Optional<String> asked, String file) {
        if (asked.isPresent()) {
            return of(asked.get());
        }
        var name = file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return CSV;
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return JSONL;
        }
        throw new Usage(
                "The name '" + file + "' does not tell the format.",
                "Add --format csv or --format jsonl.");
    }

    /// The format of this name.
    ///
    /// @throws Usage if there is none
    static Format of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "csv" -> CSV;
            case "jsonl" -> JSONL;
            case "json" -> JSON;
            default ->
                    throw new Usage(
                            "'" + name + "' for --format (ASSAY_FORMAT) is not a format.",
                            "Write csv, jsonl or json.");
        };
    }
}
