package assay.domain.prompt;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Items out of a text: comma-separated values as RFC 4180 has them, the names of the columns in
/// the first row, or JSON lines.
///
/// Columns called id, expected and split are those of an item. What is the input is said by
/// options: `{input: 'question'}` or `{input: ['question', 'context']}` makes an object of these
/// columns, whose names are then the variables. Without it a column called input is the input; if
/// there is none, all other columns are. What is left over becomes attributes.
final class Table {
    private static final Set<String> OPTIONS =
            Set.of("format", "text", "input", "expected", "id", "split");
    private static final List<String> FORMATS = List.of("csv", "jsonl");

    private final ObjectNode options;

    private Table(ObjectNode options) {
        this.options = options;
    }

    /// Reads a text.
    ///
    /// @param options `{format: 'csv' | 'jsonl', text, input?, expected?, id?, split?}`; the last
    ///   four are names of columns
    /// @return items as [ItemSyntax] reads them
    /// @throws Refused if the text is not of that format, naming the line
    static ArrayNode read(ObjectNode options) {
        for (var option : options.propertyNames()) {
            if (!OPTIONS.contains(option)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "import has no option %s.".formatted(Quoted.of(option)),
                                "%sSend {format, text, input, expected, id, split}; the last four name columns."
                                        .formatted(Nearest.hint(option, OPTIONS)))
                        .field(option);
            }
        }
        var format = options.path("format").asString("").toLowerCase(Locale.ROOT);
        if (!FORMATS.contains(format)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no format to import."
                                    .formatted(Quoted.of(options.path("format"))),
                            "Send format as csv or jsonl.")
                    .field("format");
        }
        if (!options.path("text").isString() || options.path("text").stringValue().isBlank()) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "There is no text to import.",
                            "Send the whole file as text, for instance from params: {text: params.csv}.")
                    .field("text");
        }
        var table = new Table(options);
        var text = options.path("text").stringValue();
        return format.equals("csv") ? table.csv(text) : table.jsonLines(text);
    }

    private ArrayNode csv(String text) {
        var rows = Csv.rows(text);
        var names = rows.getFirst().cells();
        for (var i = 0; i < names.size(); i++) {
            if (names.get(i).isBlank() || names.indexOf(names.get(i)) != i) {
                throw inLine(
                        1,
                        "The column %s has no name of its own.".formatted(Quoted.of(names.get(i))),
                        "Name every column once, in the first line.");
            }
        }
        var items = Json.array();
        for (var row : rows.subList(1, rows.size())) {
            if (row.cells().size() != names.size()) {
                throw inLine(
                        row.line(),
                        "There are %d values for %d columns."
                                .formatted(row.cells().size(), names.size()),
                        "Put values with commas, quotes or line breaks in double quotes, and double the quotes within.");
            }
            var cells = Json.object();
            for (var i = 0; i < names.size(); i++) {
                if (!row.cells().get(i).isEmpty()) {
                    cells.put(names.get(i).strip(), row.cells().get(i));
                }
            }
            items.add(item(row.line(), cells, names.stream().map(String::strip).toList()));
        }
        return items;
    }

    private ArrayNode jsonLines(String text) {
        var items = Json.array();
        var number = 0;
        for (var line : text.split("\\R", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            if (!(parsed(number, line) instanceof ObjectNode object)) {
                throw inLine(
                        number,
                        "%s is not a JSON object.".formatted(Quoted.of(line)),
                        "Write one object a line.");
            }
            items.add(
                    isItem(object)
                            ? object
                            : item(number, object, List.copyOf(object.propertyNames())));
        }
        return items;
    }

    /// One that is written as items are.
    private boolean isItem(ObjectNode object) {
        return object.has("input")
                && !options.hasNonNull("input")
                && !options.hasNonNull("expected");
    }

    private static JsonNode parsed(int number, String line) {
        try {
            return JsonTree.readStrictly(line);
        } catch (JacksonException unreadable) {
            throw inLine(
                    number,
                    "%s is not JSON.".formatted(Quoted.of(line)),
                    "Write one JSON object a line, each on one line.");
        }
    }

    private ObjectNode item(int line, ObjectNode cells, List<String> names) {
        var item = Json.object();
        var rest = cells.deepCopy();
        for (var field : List.of("id", "expected", "split")) {
            var column = options.path(field).asString(field);
            if (options.hasNonNull(field)) {
                requireColumn(line, column, names);
            }
            if (rest.has(column)) {
                item.set(field, rest.remove(column));
            }
        }
        var input = options.path("input");
        if (input.isString() || input.isArray()) {
            var variables = item.putObject("input");
            for (var column :
                    input.isString()
                            ? List.of(input.stringValue())
                            : input.valueStream().map(name -> name.asString("")).toList()) {
                requireColumn(line, column, names);
                variables.set(column, rest.has(column) ? rest.remove(column) : Json.text(""));
            }
        } else if (names.contains("input")) {
            item.set("input", rest.has("input") ? rest.remove("input") : Json.text(""));
        } else {
            return item.set("input", rest);
        }
        return rest.isEmpty() ? item : item.set("attributes", rest);
    }

    private static void requireColumn(int line, String column, List<String> names) {
        if (!names.contains(column)) {
            throw inLine(
                    line,
                    "There is no column %s.".formatted(Quoted.of(column)),
                    "%sThe columns are: %s."
                            .formatted(Nearest.hint(column, names), Quoted.all(names)));
        }
    }

    static Refused inLine(int line, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, "Line %d: %s".formatted(line, problem), repair)
                .field("text");
    }
}
