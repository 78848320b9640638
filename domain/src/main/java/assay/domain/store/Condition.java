package assay.domain.store;

import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.query.Filter;
import assay.domain.query.Path;
import assay.domain.query.Path.Column;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Filters as SQL conditions on a row.
final class Condition {
    private final Nouns nouns;
    private final Optional<Instant> asOf;
    private final StringBuilder sql;
    private final List<@Nullable Object> parameters;
    private int aliases;

    /// @param sql where the text goes
    /// @param parameters where the values go that stand for its question marks
    Condition(
            Nouns nouns,
            Optional<Instant> asOf,
            StringBuilder sql,
            List<@Nullable Object> parameters) {
        this.nouns = nouns;
        this.asOf = asOf;
        this.sql = sql;
        this.parameters = parameters;
    }

    void add(Filter filter, Noun noun, String alias) {
        if (filter instanceof Filter.Compare compare) {
            through(compare.path(), noun, alias, compare(compare));
        } else if (filter instanceof Filter.And(var all)) {
            joined(all, " AND ", "1", noun, alias);
        } else if (filter instanceof Filter.Or(var any)) {
            joined(any, " OR ", "0", noun, alias);
        } else if (filter instanceof Filter.Not(var inner)) {
            sql.append("(");
            add(inner, noun, alias);
            sql.append(") IS NOT TRUE");
        } else if (filter instanceof Filter.Text(var words)) {
            words(words, noun, alias);
        } else if (filter instanceof Filter.OneOf(var path, var values)) {
            through(path, noun, alias, oneOf(values));
        } else if (filter instanceof Filter.Exists(var path)) {
            through(
                    path,
                    noun,
                    alias,
                    place -> sql.append(place.expression()).append(" IS NOT NULL"));
        } else if (filter instanceof Filter.Matches matches) {
            through(matches.path(), noun, alias, matches(matches));
        }
    }

    private void joined(List<Filter> parts, String word, String none, Noun noun, String alias) {
        if (parts.isEmpty()) {
            sql.append(none);
            return;
        }
        sql.append("(");
        for (var i = 0; i < parts.size(); i++) {
            sql.append(i == 0 ? "" : word);
            add(parts.get(i), noun, alias);
        }
        sql.append(")");
    }

    private void words(String words, Noun noun, String alias) {
        if (Words.areIndexed(noun, asOf)) {
            sql.append(alias)
                    .append(".seq IN (SELECT rowid FROM object_text WHERE object_text MATCH ?)");
            parameters.add(Words.match(words));
        } else {
            sql.append("assay_words(").append(alias).append(".doc, ?, ?)");
            parameters.add(String.join(",", Words.fields(noun)));
            parameters.add(words);
        }
    }

    /// A condition on the value at the end of a path.
    @FunctionalInterface
    private interface OnPlace {
        void add(Place place);
    }

    private void through(Path path, Noun noun, String alias, OnPlace condition) {
        if (path.hops().isEmpty()) {
            condition.add(new Place(noun, alias, path.column()));
            return;
        }
        var hop = path.hops().getFirst();
        var target = nouns.require(hop.target());
        var next = "r" + ++aliases;
        sql.append("EXISTS (SELECT 1 FROM ")
                .append(Sources.from(target, next, asOf))
                .append(" WHERE ");
        refersTo(new Place(noun, alias, new Column.Stored(hop)), hop, next);
        sql.append(" AND ").append(next).append(".deleted_at IS NULL AND ");
        through(path.afterFirstHop(), target, next, condition);
        sql.append(")");
    }

    private void refersTo(Place place, Field.Reference hop, String next) {
        sql.append(next).append(".id ");
        if (hop.array()) {
            sql.append("IN (SELECT value FROM json_each(").append(place.where()).append("))");
        } else {
            sql.append("= ").append(place.expression());
        }
    }

    private OnPlace compare(Filter.Compare compare) {
        return place -> {
            var sign = compare.comparison().sign();
            if (compare.kind() == Kind.JSON) {
                sql.append("assay_same(").append(place.whole()).append(", ?)");
                parameters.add(compare.value().toString());
            } else if (place.isOpen()) {
                anyMember(
                        place,
                        compare.kind(),
                        value -> sql.append(value).append(" ").append(sign).append(" ?"));
                parameters.add(place.parameter(compare.value()));
            } else {
                sql.append(place.expression()).append(" ").append(sign).append(" ?");
                parameters.add(place.parameter(compare.value()));
            }
        };
    }

    private OnPlace oneOf(List<JsonNode> values) {
        return place -> {
            var list =
                    Stream.generate(() -> "?")
                            .limit(values.size())
                            .collect(Collectors.joining(", ", " IN (", ")"));
            if (place.isOpen()) {
                anyMember(place, place.column().kind(), value -> sql.append(value).append(list));
            } else {
                sql.append(place.expression()).append(list);
            }
            values.forEach(value -> parameters.add(place.parameter(value)));
        };
    }

    private OnPlace matches(Filter.Matches matches) {
        return place -> {
            if (place.isOpen()) {
                anyMember(
                        place,
                        Kind.TEXT,
                        value -> sql.append("assay_matches(").append(value).append(", ?, ?)"));
            } else {
                sql.append("assay_matches(").append(place.expression()).append(", ?, ?)");
            }
            parameters.add(matches.pattern());
            parameters.add(matches.ignoreCase() ? 1 : 0);
        };
    }

    /// A condition on one member.
    @FunctionalInterface
    private interface OnValue {
        void add(String expression);
    }

    /// Some member of the array at a place, or the one value that is there in its stead, is of a
    /// kind and meets a condition.
    private void anyMember(Place place, Kind kind, OnValue condition) {
        sql.append("EXISTS (SELECT 1 FROM json_each(").append(place.where()).append(") m WHERE ");
        if (!place.column().array()) {
            sql.append("json_type(").append(place.where()).append(") <> 'object' AND ");
        }
        switch (kind) {
            case NUMBER -> sql.append("m.type IN ('integer', 'real') AND ");
            case BOOLEAN -> sql.append("m.type IN ('true', 'false') AND ");
            case TEXT, DATE, DECIMAL -> sql.append("m.type = 'text' AND ");
            case TIME, JSON -> {}
        }
        condition.add(
                switch (kind) {
                    case DECIMAL -> "CAST(m.value AS REAL)";
                    case TIME -> "assay_time(m.value)";
                    case TEXT, NUMBER, BOOLEAN, DATE, JSON -> "m.value";
                });
        sql.append(")");
    }
}
