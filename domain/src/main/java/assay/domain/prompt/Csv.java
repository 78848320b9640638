package assay.domain.prompt;

import java.util.ArrayList;
import java.util.List;

/// Comma-separated values.
///
/// Source: RFC 4180; line feeds alone, a byte order mark and empty lines are taken too.
final class Csv {
    private final String text;
    private int at;
    private int line = 1;

    private Csv(String text) {
        this.text = text;
    }

    /// @param line 1-based, where the row begins
    record Row(int line, List<String> cells) {}

    /// The rows, at least one.
    ///
    /// @throws assay.domain.Refused if a quote is never closed
    static List<Row> rows(String text) {
        var csv = new Csv(text.startsWith("\uFEFF") ? text.substring(1) : text);
        var rows = new ArrayList<Row>();
        while (csv.at < csv.text.length()) {
            var row = csv.row();
            if (row.cells().size() > 1 || !row.cells().getFirst().isBlank()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() {
        var begin = line;
        var cells = new ArrayList<String>();
        do {
            cells.add(cell());
        } while (take(','));
        take('\r');
        if (take('\n')) {
            line++;
        }
        return new Row(begin, cells);
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private String cell() {
        return take('"') ? quoted() : bare();
    }

    private String bare() {
        var from = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        var cell = text.substring(from, at);
        if (at < text.length() && text.charAt(at) == '\r' && !text.startsWith("\r\n", at)) {
            // A lone carriage return is an ordinary character.
            at++;
            return cell + '\r' + bare();
        }
        return cell;
    }

    private String quoted() {
        var begin = line;
        var cell = new StringBuilder();
        while (at < text.length()) {
            var c = text.charAt(at++);
            if (c == '"' && !take('"')) {
                return cell.append(bare()).toString();
            }
            line += c == '\n' ? 1 : 0;
            cell.append(c);
        }
        throw Table.inLine(
                begin,
                "A quote is never closed.",
                "Close it, and double the quotes within a value.");
    }
}
