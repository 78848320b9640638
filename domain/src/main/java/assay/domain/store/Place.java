package assay.domain.store;

import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import assay.domain.query.Path.Column;
import assay.domain.query.Path.Column.Meta;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// One value of a row, as SQL.
///
/// @param noun what the row is
/// @param alias what the row is called in the statement
record Place(Noun noun, String alias, Column column) {
    /// True when the value may be several, of which any may satisfy a condition.
    boolean isOpen() {
        return column.array() || column.kind() == Kind.JSON;
    }

    /// The value, in the spelling that indexes are made with; whole if it may be several.
    String expression() {
        if (column instanceof Meta meta) {
            return alias + "." + word(meta);
        }
        if (column instanceof Column.Stored(var field)) {
            var stored = Sources.column(noun, alias, field.name());
            return field.kind() == Kind.DECIMAL && !field.array()
                    ? "CAST(" + stored + " AS REAL)"
                    : stored;
        }
        return "json_extract(" + where() + ")";
    }

    /// The arguments that lead a JSON function of SQLite to the value.
    String where() {
        return switch (column) {
            case Column.Stored(var field) -> "%s.doc, '$.%s'".formatted(alias, field.name());
            case Column.Inside(var field, var keys) ->
                    "%s.doc, %s".formatted(alias, path(field.name(), keys));
            case Meta meta -> throw new IllegalArgumentException(meta + " is not in the document");
        };
    }

    /// The value as JSON text.
    String whole() {
        return where().replaceFirst(", ", " -> (") + ")";
    }

    /// A path inside a document. A key of digits is a place in an array or a name in an object, as
    /// the document has it. Keys come from a caller, so they are quoted for JSON path and for SQL.
    private String path(String field, List<String> keys) {
        var path = new StringBuilder("'$.").append(field).append("'");
        for (var key : keys) {
            var name = " || '.\"" + key.replace("\"", "").replace("'", "''") + "\"'";
            if (!key.isEmpty()
                    && key.length() < 9
                    && key.chars().allMatch(c -> c >= '0' && c <= '9')) {
                name =
                        " || CASE json_type(%s.doc, %s) WHEN 'array' THEN '[%s]' ELSE '.\"%s\"' END"
                                .formatted(alias, path, key, key);
            }
            path.append(name);
        }
        return path.toString();
    }

    /// A value to compare with, as the column holds it.
    Object parameter(JsonNode value) {
        var millis =
                column instanceof Column.Stored(var field)
                        ? Sources.isMillis(noun, field.name())
                        : column instanceof Meta meta && meta.kind() == Kind.TIME;
        return millis && value.isString()
                ? Instant.parse(value.stringValue()).toEpochMilli()
                : plain(value);
    }

    /// JSON as SQLite's JSON functions hand it out.
    static Object plain(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? 1 : 0;
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return value.isNumber()
                ? value.doubleValue()
                : value.isString() ? value.stringValue() : value.toString();
    }

    private static String word(Meta meta) {
        return switch (meta) {
            case ID -> "id";
            case TYPE -> "type";
            case VERSION -> "version";
            case CREATED_AT -> "created_at";
            case CREATED_BY -> "created_by";
            case UPDATED_AT -> "updated_at";
        };
    }
}
