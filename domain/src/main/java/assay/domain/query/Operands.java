package assay.domain.query;

import assay.domain.IsoTime;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.query.Path.Column;
import java.math.BigDecimal;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Brings what a caller compares with into the form in which values of a path are stored.
final class Operands {
    private final Instant now;

    Operands(Instant now) {
        this.now = now;
    }

    /// The comparison of a path with a single value.
    Filter.Compare compare(Path path, Filter.Comparison comparison, JsonNode value) {
        var kind = path.column().kind();
        if (kind == Kind.JSON) {
            return insideJson(path, comparison, value);
        }
        return value.isArray() && path.column().array()
                ? new Filter.Compare(path, comparison, Kind.JSON, value)
                : new Filter.Compare(path, comparison, kind, stored(path, value));
    }

    /// Nothing is declared about what is inside json, so the constant decides what is compared. An
    /// order of texts that reads as a time is an order of times.
    private Filter.Compare insideJson(Path path, Filter.Comparison comparison, JsonNode value) {
        if (value.isString() && comparison != Filter.Comparison.EQUAL) {
            var time = Times.read(value.stringValue(), now);
            if (time.isPresent()) {
                return new Filter.Compare(path, comparison, Kind.TIME, text(time.get()));
            }
        }
        var kind =
                value.isString()
                        ? Kind.TEXT
                        : value.isNumber()
                                ? Kind.NUMBER
                                : value.isBoolean() ? Kind.BOOLEAN : Kind.JSON;
        return new Filter.Compare(path, comparison, kind, value);
    }

    /// A value of a declared field.
    JsonNode stored(Path path, JsonNode value) {
        return switch (path.column().kind()) {
            case TIME -> text(time(path.text(), value));
            case DATE ->
                    JsonNodeFactory.instance.stringNode(
                            IsoTime.text(time(path.text(), value)).substring(0, 10));
            case NUMBER -> required(path, value, value.isNumber(), "a number");
            case DECIMAL -> number(path, value);
            case BOOLEAN -> required(path, value, value.isBoolean(), "true or false");
            case TEXT -> member(path, required(path, value, value.isString(), "a string"));
            case JSON -> value;
        };
    }

    /// A point in time, in any of its spellings.
    Instant time(String where, JsonNode value) {
        return Times.read(value.asString(""), now)
                .orElseThrow(() ->
                        Unreadable.value(
                                where,
                                value,
                                "Write a time as ISO 8601 with zone (2026-11-20T10:00:00Z), as a"
                                        + " date, or as '7d ago'."));
    }

    private static JsonNode text(Instant time) {
        return JsonNodeFactory.instance.stringNode(IsoTime.text(time));
    }

    private static JsonNode required(Path path, JsonNode value, boolean fits, String what) {
        if (!fits) {
            throw Unreadable.value(
                    path.text(),
                    value,
                    "Compare %s with %s.".formatted(Quoted.of(path.text()), what));
        }
        return value;
    }

    private static JsonNode number(Path path, JsonNode value) {
        try {
            return value.isString()
                    ? JsonNodeFactory.instance.numberNode(
                            new BigDecimal(value.stringValue()).doubleValue())
                    : required(path, value, value.isNumber(), "a number");
        } catch (NumberFormatException notANumber) {
            return required(path, value, false, "a number");
        }
    }

    /// Refuses a word that the enum of the field does not have: such a filter could never match.
    private static JsonNode member(Path path, JsonNode value) {
        if (path.column() instanceof Column.Stored(Field.Choice choice)
                && !choice.members().contains(value.stringValue())) {
            throw Unreadable.value(
                    path.text(),
                    value,
                    Nearest.hint(value.stringValue(), choice.members())
                            + "Use one of: %s.".formatted(String.join(", ", choice.members())));
        }
        return value;
    }
}
