package assay.domain.store;

import assay.domain.noun.Kind;
import assay.domain.query.Path;
import assay.domain.query.Path.Column;
import assay.domain.query.Path.Column.Meta;
import assay.domain.query.Query;
import assay.domain.query.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/// The order of a query that does not follow the rank of a match: as asked, else the newest first.
/// The id breaks ties. A cursor holds the values of its keys, so that a page begins behind an
/// object whatever has been added or removed since.
final class Order {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final Query query;
    private final List<SortKey> keys;

    Order(Query query) {
        this.query = query;
        var all = new ArrayList<>(query.sort());
        if (all.isEmpty()) {
            all.add(new SortKey(new Path("$createdAt", List.of(), Meta.CREATED_AT), true));
        }
        if (all.stream().noneMatch(key -> key.path().column() == Meta.ID)) {
            all.add(new SortKey(new Path("$id", List.of(), Meta.ID), all.getLast().descending()));
        }
        this.keys = List.copyOf(all);
    }

    /// What stands behind ORDER BY. Nulls come last either way; SQLite puts them last by itself
    /// when descending.
    String sql() {
        return keys.stream()
                .map(key ->
                        expression(key)
                                + (key.descending()
                                        ? " DESC"
                                        : mayBeNull(key) ? " NULLS LAST" : ""))
                .collect(Collectors.joining(", "));
    }

    /// What a cursor must hold for the page after an object.
    ArrayNode cursorValues(StoredObject last) {
        var values = NODES.arrayNode();
        for (var key : keys) {
            values.add(value(key.path().column(), last));
        }
        return values;
    }

    private static JsonNode value(Column column, StoredObject last) {
        if (column instanceof Meta meta) {
            return meta(meta, last);
        }
        if (column instanceof Column.Stored(var field)) {
            var value = last.document().path(field.name());
            return value.isMissingNode()
                    ? NullNode.getInstance()
                    : field.kind() == Kind.DECIMAL && value.isString()
                            ? NODES.numberNode(Double.parseDouble(value.stringValue()))
                            : value;
        }
        throw new IllegalArgumentException("sorted by " + column);
    }

    private static JsonNode meta(Meta meta, StoredObject last) {
        return switch (meta) {
            case ID -> NODES.stringNode(last.id());
            case TYPE -> NODES.stringNode(last.type());
            case VERSION -> NODES.numberNode(last.version());
            case CREATED_AT -> NODES.numberNode(last.createdAt());
            case CREATED_BY -> NODES.stringNode(last.createdBy());
            case UPDATED_AT -> NODES.numberNode(last.updatedAt());
        };
    }

    /// The condition that only what comes behind a cursor meets.
    String after(ArrayNode cursor, List<@Nullable Object> parameters) {
        var first = keys.getFirst();
        var sql = new StringBuilder();
        if (!mayBeNull(first)) {
            // Says nothing new, but lets SQLite begin in the middle of an index.
            sql.append(expression(first)).append(first.descending() ? " <= ? AND " : " >= ? AND ");
            parameters.add(parameter(first, cursor.path(0)));
        }
        sql.append("(");
        for (var i = 0; i < keys.size(); i++) {
            sql.append(i == 0 ? "(" : " OR (");
            for (var j = 0; j < i; j++) {
                sql.append(expression(keys.get(j))).append(" IS ? AND ");
                parameters.add(parameter(keys.get(j), cursor.path(j)));
            }
            sql.append(beyond(keys.get(i), cursor.path(i), parameters)).append(")");
        }
        return sql.append(")").toString();
    }

    private String beyond(SortKey key, JsonNode value, List<@Nullable Object> parameters) {
        var parameter = parameter(key, value);
        if (parameter == null) {
            return "0";
        }
        parameters.add(parameter);
        var expression = expression(key);
        var sql = expression + (key.descending() ? " < ?" : " > ?");
        return mayBeNull(key) ? "(%s OR %s IS NULL)".formatted(sql, expression) : sql;
    }

    private static boolean mayBeNull(SortKey key) {
        return !(key.path().column() instanceof Meta);
    }

    private String expression(SortKey key) {
        return place(key).expression();
    }

    private Place place(SortKey key) {
        return new Place(query.noun(), "o", key.path().column());
    }

    private @Nullable Object parameter(SortKey key, JsonNode value) {
        return value.isNull() || value.isMissingNode() ? null : place(key).parameter(value);
    }
}
