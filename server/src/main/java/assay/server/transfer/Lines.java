package assay.server.transfer;

import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Imported;
import assay.domain.work.Importing.Line;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The lines of a file of events, one after the other.
interface Lines {
    /// The next line that is not empty.
    Optional<Line> next() throws IOException;

    /// Reads lines of a format.
    ///
    /// @param name tells this file from all others
    /// @throws Refused if the first line of a CSV file is no header
    static Lines of(Format format, BufferedReader in, String name) throws IOException {
        return format == Format.CSV ? new OfCsv(new Csv(in), name) : new OfJson(in, name);
    }

    /// A header, and fields that are text.
    final class OfCsv implements Lines {
        private static final Set<String> NUMBERS = Set.of("value");

        private final Csv csv;
        private final String name;
        private final List<String> header = new ArrayList<>();

        OfCsv(Csv csv, String name) throws IOException {
            this.csv = csv;
            this.name = name;
            for (var column : csv.read().orElse(List.of())) {
                header.add(Imported.field(column));
            }
            if (!header.contains("subject") || new TreeSet<>(header).size() < header.size()) {
                throw new Refused(
                        Reason.INVALID_VALUE,
                        "The first line of the file, %s, is no header with each name once."
                                .formatted(Quoted.of(String.join(",", header))),
                        "Begin with a line such as subject,metric,value,at,eventId.");
            }
        }

        @Override
        public Optional<Line> next() throws IOException {
            var number = csv.line();
            var fields = csv.read();
            return fields.map(some -> line(number, some));
        }

        private Line line(long number, List<String> fields) {
            if (fields.size() > header.size()) {
                return unreadable(
                        number,
                        name,
                        "The line has %d fields, the header %d."
                                .formatted(fields.size(), header.size()),
                        "Put fields with commas into double quotes.");
            }
            var json = JsonNodeFactory.instance.objectNode();
            for (var i = 0; i < fields.size(); i++) {
                var field = fields.get(i).strip();
                if (!field.isEmpty()) {
                    try {
                        json.set(header.get(i), value(header.get(i), field));
                    } catch (JacksonException problem) {
                        return unreadable(
                                number,
                                name,
                                "%s is not valid for %s."
                                        .formatted(Quoted.of(field), header.get(i)),
                                "Write %s as JSON.".formatted(header.get(i)));
                    }
                }
            }
            return new Line(number, name + ":" + number, new Line.Read.Fields(json));
        }

        private static JsonNode value(String column, String field) {
            if (column.equals("properties")) {
                return JsonTree.read(field);
            }
            if (NUMBERS.contains(column) || column.startsWith("properties.")) {
                return number(field);
            }
            return JsonNodeFactory.instance.stringNode(field);
        }

        /// The number or truth value that a text spells, else the text.
        private static JsonNode number(String field) {
            return switch (field) {
                case "true" -> JsonNodeFactory.instance.booleanNode(true);
                case "false" -> JsonNodeFactory.instance.booleanNode(false);
                default -> numberOrText(field);
            };
        }

        private static JsonNode numberOrText(String field) {
            try {
                return JsonNodeFactory.instance.numberNode(Double.parseDouble(field));
            } catch (NumberFormatException text) {
                return JsonNodeFactory.instance.stringNode(field);
            }
        }
    }

    /// A JSON object a line.
    final class OfJson implements Lines {
        private final BufferedReader in;
        private final String name;
        private long number;

        OfJson(BufferedReader in, String name) {
            this.in = in;
            this.name = name;
        }

        @Override
        public Optional<Line> next() throws IOException {
            for (var text = in.readLine(); text != null; text = in.readLine()) {
                number++;
                if (!text.isBlank()) {
                    return Optional.of(line(text));
                }
            }
            return Optional.empty();
        }

        private Line line(String text) {
            try {
                if (JsonTree.read(text) instanceof ObjectNode object) {
                    var fields = JsonNodeFactory.instance.objectNode();
                    object.properties()
                            .forEach(field ->
                                    fields.set(Imported.field(field.getKey()), field.getValue()));
                    return new Line(number, name + ":" + number, new Line.Read.Fields(fields));
                }
            } catch (JacksonException notJson) {
                // Refused below, like any other line that is no object.
            } catch (Refused why) {
                return new Line(number, name + ":" + number, new Line.Read.Unreadable(why));
            }
            return unreadable(
                    number,
                    name,
                    "The line is not a JSON object.",
                    "Write one object a line, such as {\"subject\": \"ada\", \"metric\": \"bought\"}.");
        }
    }

    private static Line unreadable(long number, String name, String problem, String repair) {
        return new Line(
                number,
                name + ":" + number,
                new Line.Read.Unreadable(new Refused(Reason.INVALID_VALUE, problem, repair)));
    }
}
