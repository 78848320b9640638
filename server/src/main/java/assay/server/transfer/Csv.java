package assay.server.transfer;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Records of comma-separated values, as RFC 4180 has them: fields with commas, quotes or line ends
/// stand in quotes, and a quote in one is doubled.
final class Csv {
    private static final int END = -1;

    private final Reader in;
    private int next;
    private long line = 1;

    Csv(Reader in) throws IOException {
        this.in = in;
        this.next = in.read();
        if (next == '\uFEFF') {
            next = in.read();
        }
    }

    /// The number of the line that the next record begins on, from 1 on.
    long line() {
        return line;
    }

    /// The next record; a line without anything is none.
    Optional<List<String>> read() throws IOException {
        while (next == '\r' || next == '\n') {
            endLine();
        }
        if (next == END) {
            return Optional.empty();
        }
        var fields = new ArrayList<String>();
        fields.add(field());
        while (next == ',') {
            next = in.read();
            fields.add(field());
        }
        endLine();
        return Optional.of(fields);
    }

    private String field() throws IOException {
        var field = new StringBuilder();
        if (next != '"') {
            while (next != END && next != ',' && next != '\r' && next != '\n') {
                field.append((char) next);
                next = in.read();
            }
            return field.toString();
        }
        next = in.read();
        while (next != END) {
            if (next == '"') {
                next = in.read();
                if (next != '"') {
                    break;
                }
            }
            line += next == '\n' ? 1 : 0;
            field.append((char) next);
            next = in.read();
        }
        // What stands between a closing quote and the next comma belongs to the field as well.
        while (next != END && next != ',' && next != '\r' && next != '\n') {
            field.append((char) next);
            next = in.read();
        }
        return field.toString();
    }

    private void endLine() throws IOException {
        if (next == '\r') {
            next = in.read();
            if (next != '\n') {
                line++;
                return;
            }
        }
        if (next == '\n') {
            line++;
            next = in.read();
        }
    }

    /// One record as a line.
    static String line(List<String> fields) {
        var line = new StringBuilder();
        for (var field : fields) {
            line.append(line.isEmpty() ? "" : ",").append(quoted(field));
        }
        return line.append("\r\n").toString();
    }

    private static String quoted(String field) {
        return field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? '"' + field.replace("\"", "\"\"") + '"'
                : field;
    }
}
