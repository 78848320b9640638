package assay.domain.store;

import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Filter;
import assay.domain.query.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A [Query] as SQL with its parameters.
final class Select {
    private final StringBuilder sql = new StringBuilder();
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private final Query query;
    private final Noun noun;
    private final Condition condition;

    private Select(Query query, Nouns nouns) {
        this.query = query;
        this.noun = query.noun();
        this.condition = new Condition(nouns, query.asOf(), sql, parameters);
    }

    static Select objects(Query query, Nouns nouns, String columns) {
        var select = new Select(query, nouns);
        select.sql.append("SELECT ").append(columns);
        var ranking = ranking(query);
        select.from(ranking);
        if (ranking.isPresent()) {
            select.sql.append(" ORDER BY bm25(object_text), o.id");
        } else {
            select.ordered();
        }
        select.sql.append(" LIMIT ? OFFSET ?");
        select.parameters.add(query.limit());
        select.parameters.add(ranking.isPresent() ? rankedOffset(query) : query.offset());
        return select;
    }

    static Select count(Query query, Nouns nouns) {
        var select = new Select(query, nouns);
        select.sql.append("SELECT count(*)");
        select.from(ranking(query));
        return select;
    }

    Select explained() {
        sql.insert(0, "EXPLAIN QUERY PLAN ");
        return this;
    }

    <T> List<T> rows(SqlConnection connection, SqlConnection.Reader<T> reader) {
        return connection.rows(sql.toString(), reader, parameters.toArray());
    }

    /// What a cursor must hold for the page after an object. Ranks change with every object, so
    /// pages that follow the rank can only be counted.
    static ArrayNode cursorValues(Query query, StoredObject last) {
        return ranking(query).isPresent()
                ? JsonNodeFactory.instance.arrayNode().add(rankedOffset(query) + query.limit())
                : new Order(query).cursorValues(last);
    }

    /// The words that decide the order, if nobody asked for another one and every result must have
    /// them.
    private static Optional<Filter.Text> ranking(Query query) {
        return query.sort().isEmpty() && Words.areIndexed(query.noun(), query.asOf())
                ? topWords(query.filter())
                : Optional.empty();
    }

    private static Optional<Filter.Text> topWords(Filter filter) {
        if (filter instanceof Filter.Text text) {
            return Optional.of(text);
        }
        return filter instanceof Filter.And(var all)
                ? all.stream().map(Select::topWords).flatMap(Optional::stream).findFirst()
                : Optional.empty();
    }

    private static long rankedOffset(Query query) {
        return query.cursor()
                .map(cursor -> cursor.values().path(0).asLong(0))
                .orElse((long) query.offset());
    }

    private void from(Optional<Filter.Text> ranking) {
        sql.append(" FROM ");
        if (ranking.isPresent()) {
            sql.append("object_text CROSS JOIN object o ON o.seq = object_text.rowid")
                    .append(" WHERE object_text MATCH ? AND ");
            parameters.add(Words.match(ranking.get().words()));
        } else {
            sql.append(Sources.from(noun, "o", query.asOf())).append(" WHERE ");
        }
        sql.append("o.type = '").append(noun.name()).append("' AND o.deleted_at IS NULL");
        var filter = query.filter();
        for (var part : filter instanceof Filter.And(var all) ? all : List.of(filter)) {
            if (ranking.filter(part::equals).isEmpty()) {
                sql.append(" AND ");
                condition.add(part, noun, "o");
            }
        }
    }

    private void ordered() {
        var order = new Order(query);
        query.cursor()
                .ifPresent(cursor ->
                        sql.append(" AND ").append(order.after(cursor.values(), parameters)));
        sql.append(" ORDER BY ").append(order.sql());
    }
}
