package assay.domain.store;

import assay.domain.JsonTree;
import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Filter;
import assay.domain.query.Path;
import assay.domain.query.Path.Column;
import assay.domain.query.Path.Column.Meta;
import assay.domain.query.Query;
import assay.domain.query.SortKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/// A [Query] as SQL with its parameters.
final class Select {
    private final StringBuilder sql = new StringBuilder();
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private final Nouns nouns;
    private final Noun noun;
    private final Optional<Instant> asOf;
    private int aliases;

    private Select(Query query, Nouns nouns) {
        this.nouns = nouns;
        this.noun = query.noun();
        this.asOf = query.asOf();
    }

    static Select objects(Query query, Nouns nouns, String columns) {
        var select = new Select(query, nouns);
        select.add("SELECT ").add(columns);
        var ranked =
                query.sort().isEmpty()
                        ? select.rankedWords(query.filter())
                        : Optional.<String>empty();
        select.from(query, ranked);
        if (ranked.isPresent()) {
            select.add(" ORDER BY bm25(object_text), o.id");
        } else {
            select.after(query);
            select.order(keys(query));
        }
        select.add(" LIMIT ? OFFSET ?");
        select.parameters.add(query.limit());
        select.parameters.add(ranked.isPresent() ? rankedOffset(query) : query.offset());
        return select;
    }

    static Select count(Query query, Nouns nouns) {
        var select = new Select(query, nouns);
        select.add("SELECT count(*)");
        select.from(query, Optional.empty());
        return select;
    }

    Select explained() {
        sql.insert(0, "EXPLAIN QUERY PLAN ");
        return this;
    }

    <T> List<T> rows(SqlConnection connection, SqlConnection.Reader<T> reader) {
        return connection.rows(sql.toString(), reader, parameters.toArray());
    }

    /// What a cursor must hold for the page after an object.
    static ArrayNode cursorValues(Query query, StoredObject last) {
        var values = JsonNodeFactory.instance.arrayNode();
        if (isRanked(query)) {
            return values.add(rankedOffset(query) + query.limit());
        }
        for (var key : keys(query)) {
            var column = key.path().column();
            if (column instanceof Meta meta) {
                add(values, meta, last);
            } else if (column instanceof Column.Stored stored) {
                var name = stored.field().name();
                values.add(
                        last.document().hasNonNull(name)
                                ? last.document().get(name)
                                : NullNode.getInstance());
            } else {
                throw new IllegalArgumentException("sorted by " + column);
            }
        }
        return values;
    }

    private static void add(ArrayNode values, Meta meta, StoredObject last) {
        switch (meta) {
            case ID -> values.add(last.id());
            case TYPE -> values.add(last.type());
            case VERSION -> values.add(last.version());
            case CREATED_AT -> values.add(last.createdAt());
            case CREATED_BY -> values.add(last.createdBy());
            case UPDATED_AT -> values.add(last.updatedAt());
        }
    }

    /// True when pages of this query follow the rank of the match, so that a cursor counts instead
    /// of comparing.
    static boolean isRanked(Query query) {
        return query.sort().isEmpty()
                && !query.noun().name().equals(Sources.EVENT)
                && query.asOf().isEmpty()
                && topWords(query.filter()).isPresent();
    }

    /// The order of a query that is not ranked: as asked, else the newest first; the id breaks
    /// ties.
    static List<SortKey> keys(Query query) {
        var keys = new ArrayList<>(query.sort());
        if (keys.isEmpty()) {
            keys.add(new SortKey(new Path("$createdAt", List.of(), Meta.CREATED_AT), true));
        }
        if (keys.stream().noneMatch(key -> key.path().column() == Meta.ID)) {
            keys.add(new SortKey(new Path("$id", List.of(), Meta.ID), keys.getLast().descending()));
        }
        return keys;
    }

    private Optional<String> rankedWords(Filter filter) {
        return noun.name().equals(Sources.EVENT) || asOf.isPresent()
                ? Optional.empty()
                : topWords(filter);
    }

    /// The words that every result must have, if the filter asks for words at its top.
    private static Optional<String> topWords(Filter filter) {
        if (filter instanceof Filter.Text text) {
            return Optional.of(text.words());
        }
        return filter instanceof Filter.And and
                ? and.all().stream().map(Select::topWords).flatMap(Optional::stream).findFirst()
                : Optional.empty();
    }

    private void from(Query query, Optional<String> ranked) {
        add(" FROM ");
        if (ranked.isPresent()) {
            add(
                    "object_text CROSS JOIN object o ON o.seq = object_text.rowid WHERE object_text MATCH ? AND ");
            parameters.add(match(ranked.get()));
        } else {
            add(Sources.from(noun, "o", asOf)).add(" WHERE ");
        }
        add("o.type = '").add(noun.name()).add("' AND o.deleted_at IS NULL");
        if (query.filter() instanceof Filter.And(var all)) {
            for (var condition : all) {
                add(" AND ");
                condition(condition, noun, "o");
            }
        } else {
            add(" AND ");
            condition(query.filter(), noun, "o");
        }
    }

    private static long rankedOffset(Query query) {
        return query.cursor()
                .map(cursor -> cursor.values().path(0).asLong(0))
                .orElse((long) query.offset());
    }

    // Switches over the types would be shorter to read and longer to start; see docs/adr/0006.
    private void condition(Filter filter, Noun at, String alias) {
        if (filter instanceof Filter.Compare compare) {
            through(
                    compare.path(),
                    at,
                    alias,
                    (column, where) ->
                            compare(column, where, compare.comparison(), compare.value()));
        } else if (filter instanceof Filter.And and) {
            joined(and.all(), " AND ", "1", at, alias);
        } else if (filter instanceof Filter.Or or) {
            joined(or.any(), " OR ", "0", at, alias);
        } else if (filter instanceof Filter.Not not) {
            add("(");
            condition(not.inner(), at, alias);
            add(") IS NOT TRUE");
        } else if (filter instanceof Filter.Text text) {
            words(text.words(), at, alias);
        } else if (filter instanceof Filter.OneOf one) {
            through(one.path(), at, alias, (column, where) -> oneOf(column, where, one.values()));
        } else if (filter instanceof Filter.Exists exists) {
            through(exists.path(), at, alias, (_, where) -> add(where).add(" IS NOT NULL"));
        } else {
            var matches = (Filter.Matches) filter;
            through(
                    matches.path(),
                    at,
                    alias,
                    (_, where) -> {
                        add("assay_matches(").add(where).add(", ?, ?)");
                        parameters.add(matches.pattern());
                        parameters.add(matches.ignoreCase() ? 1 : 0);
                    });
        }
    }

    private void joined(List<Filter> parts, String word, String none, Noun at, String alias) {
        if (parts.isEmpty()) {
            add(none);
            return;
        }
        add("(");
        for (var i = 0; i < parts.size(); i++) {
            add(i == 0 ? "" : word);
            condition(parts.get(i), at, alias);
        }
        add(")");
    }

    private void words(String words, Noun at, String alias) {
        if (at.name().equals(Sources.EVENT) || asOf.isPresent()) {
            add("assay_words(").add(alias).add(".doc, ?)");
            parameters.add(words);
        } else {
            add(alias).add(".seq IN (SELECT rowid FROM object_text WHERE object_text MATCH ?)");
            parameters.add(match(words));
        }
    }

    /// The words in the language of the search index: all of them, each as the beginning of a word.
    static String match(String text) {
        var words = Functions.words(text);
        return words.isEmpty()
                ? "\"\""
                : words.stream().map(word -> '"' + word + "\"*").collect(Collectors.joining(" "));
    }

    /// A condition on the column at the end of a path.
    @FunctionalInterface
    private interface Condition {
        void add(Column column, String expression);
    }

    private void through(Path path, Noun at, String alias, Condition condition) {
        if (path.hops().isEmpty()) {
            condition.add(path.column(), expression(path.column(), at, alias));
            return;
        }
        var hop = path.hops().getFirst();
        var target = nouns.require(hop.target());
        var next = "r" + ++aliases;
        add("EXISTS (SELECT 1 FROM ")
                .add(Sources.from(target, next, asOf))
                .add(" WHERE ")
                .add(next)
                .add(".id = ")
                .add(Sources.column(at, alias, hop.name()))
                .add(" AND ")
                .add(next)
                .add(".deleted_at IS NULL AND ");
        through(
                new Path(path.text(), path.hops().subList(1, path.hops().size()), path.column()),
                target,
                next,
                condition);
        add(")");
    }

    private static String expression(Column column, Noun at, String alias) {
        if (column instanceof Meta meta) {
            return alias + "." + metaColumn(meta);
        }
        if (column instanceof Column.Stored plain) {
            var field = plain.field();
            var stored = Sources.column(at, alias, field.name());
            if (Sources.isMillis(at, field.name())) {
                return "strftime('%Y-%m-%dT%H:%M:%fZ', " + stored + " / 1000.0, 'unixepoch')";
            }
            return field.kind() == Kind.DECIMAL ? "CAST(" + stored + " AS REAL)" : stored;
        }
        var inside = (Column.Inside) column;
        return "json_extract("
                + alias
                + ".doc, '$."
                + inside.field().name()
                + inside.keys().stream().map(Select::step).collect(Collectors.joining())
                + "')";
    }

    /// One step of a path inside a document. The key comes from a caller, so it is quoted for JSON
    /// path and for SQL.
    private static String step(String key) {
        return key.chars().allMatch(Character::isDigit) && !key.isEmpty()
                ? "[" + key + "]"
                : ".\"" + key.replace("\"", "").replace("'", "''") + "\"";
    }

    private static String metaColumn(Meta meta) {
        return switch (meta) {
            case ID -> "id";
            case TYPE -> "type";
            case VERSION -> "version";
            case CREATED_AT -> "created_at";
            case CREATED_BY -> "created_by";
            case UPDATED_AT -> "updated_at";
        };
    }

    private void compare(
            Column column, String where, Filter.Comparison comparison, JsonNode value) {
        if (column instanceof Column.Stored(var field)
                && field.array()
                && comparison == Filter.Comparison.EQUAL) {
            add("EXISTS (SELECT 1 FROM json_each(").add(where).add(") WHERE value = ?)");
            parameters.add(parameter(column, value));
        } else if (value.isContainer()) {
            add("json(").add(where).add(") = json(?)");
            parameters.add(JsonTree.text(value));
        } else {
            add(where).add(" ").add(comparison.sign()).add(" ?");
            parameters.add(parameter(column, value));
        }
    }

    private void oneOf(Column column, String where, List<JsonNode> values) {
        var marks = values.stream().map(value -> "?").collect(Collectors.joining(", "));
        if (column instanceof Column.Stored(Field field) && field.array()) {
            add("EXISTS (SELECT 1 FROM json_each(")
                    .add(where)
                    .add(") WHERE value IN (")
                    .add(marks)
                    .add("))");
        } else {
            add(where).add(" IN (").add(marks).add(")");
        }
        values.forEach(value -> parameters.add(parameter(column, value)));
    }

    private static Object parameter(Column column, JsonNode value) {
        if (column instanceof Meta meta && meta.kind() == Kind.TIME) {
            return Instant.parse(value.stringValue()).toEpochMilli();
        }
        return plain(value);
    }

    private static Object plain(JsonNode value) {
        if (value.isBoolean()) {
            return value.booleanValue() ? 1 : 0;
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return value.isNumber()
                ? value.doubleValue()
                : value.isString() ? value.stringValue() : JsonTree.text(value);
    }

    private void order(List<SortKey> keys) {
        add(" ORDER BY ");
        for (var i = 0; i < keys.size(); i++) {
            var key = keys.get(i);
            add(i == 0 ? "" : ", ").add(expression(key.path().column(), noun, "o"));
            // Nulls come last either way; SQLite puts them last by itself when descending.
            add(
                    key.descending()
                            ? " DESC"
                            : key.path().column() instanceof Meta ? "" : " NULLS LAST");
        }
    }

    /// Only what comes behind the object where the earlier page ended.
    private void after(Query query) {
        query.cursor()
                .ifPresent(cursor -> {
                    var keys = keys(query);
                    add(" AND (");
                    for (var i = 0; i < keys.size(); i++) {
                        add(i == 0 ? "(" : " OR (");
                        for (var j = 0; j < i; j++) {
                            where(keys.get(j));
                            add(" IS ? AND ");
                            parameters.add(cursorValue(cursor.values().path(j)));
                        }
                        beyond(keys.get(i), cursor.values().path(i));
                        add(")");
                    }
                    add(")");
                });
    }

    private void beyond(SortKey key, JsonNode value) {
        if (value.isNull()) {
            add("0");
            return;
        }
        add("(");
        where(key);
        add(key.descending() ? " < ?" : " > ?");
        parameters.add(cursorValue(value));
        if (!(key.path().column() instanceof Meta)) {
            add(" OR ");
            where(key);
            add(" IS NULL");
        }
        add(")");
    }

    private void where(SortKey key) {
        add(expression(key.path().column(), noun, "o"));
    }

    private static @Nullable Object cursorValue(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? null : plain(value);
    }

    private Select add(String text) {
        sql.append(text);
        return this;
    }
}
