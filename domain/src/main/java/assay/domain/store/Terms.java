package assay.domain.store;

import assay.domain.noun.Nouns;
import assay.domain.query.QueryParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The terms of a measure as an SQL expression over an event `e`: a number with a bit for each term
/// that the event is of.
final class Terms {
    /// Where the properties of an event are in its document.
    private static final String PROPERTIES = "properties.";

    private final Nouns nouns;
    private final Measure measure;

    Terms(Nouns nouns, Measure measure) {
        this.nouns = nouns;
        this.measure = measure;
    }

    /// Adds the expression.
    ///
    /// @param column what holds the name of the event
    /// @param sql where the text goes
    /// @param parameters where the values go that stand for its question marks
    void add(String column, StringBuilder sql, List<@Nullable Object> parameters) {
        for (var i = 0; i < measure.terms().size(); i++) {
            var term = measure.terms().get(i);
            sql.append(i == 0 ? "(" : " | ").append("((").append(column).append(" = ?");
            parameters.add(term.event());
            if (term.filter().isPresent()) {
                sql.append(" AND (");
                condition(term.filter().get(), sql, parameters);
                sql.append(") IS TRUE");
            }
            sql.append(") << ").append(i).append(")");
        }
        sql.append(")");
    }

    private void condition(
            ObjectNode filter, StringBuilder sql, List<@Nullable Object> parameters) {
        var event = nouns.require(Sources.EVENT);
        // A filter is the same whenever it is read, so relative times have no now.
        var read = new QueryParser(nouns, Instant.EPOCH).filter(event, overProperties(filter));
        new Condition(nouns, Optional.empty(), sql, parameters).add(read, event, "e");
    }

    private static JsonNode overProperties(JsonNode filter) {
        if (!(filter instanceof ObjectNode members)) {
            return filter;
        }
        var over = JsonNodeFactory.instance.objectNode();
        for (var member : members.properties()) {
            var name = member.getKey();
            var value = member.getValue();
            switch (name) {
                case "$and", "$or" -> over.set(name, value.isArray() ? all(value) : value);
                case "$not" -> over.set(name, overProperties(value));
                default -> over.set(name.startsWith("$") ? name : PROPERTIES + name, value);
            }
        }
        return over;
    }

    private static JsonNode all(JsonNode filters) {
        var over = JsonNodeFactory.instance.arrayNode();
        filters.forEach(filter -> over.add(overProperties(filter)));
        return over;
    }

    /// A condition that holds for events of these names, whatever their properties.
    void addNames(String column, StringBuilder sql, List<@Nullable Object> parameters) {
        var names = names();
        sql.append(
                names.stream()
                        .map(_ -> "?")
                        .collect(Collectors.joining(", ", column + " IN (", ")")));
        parameters.addAll(names);
    }

    /// True when there are such events of no experiment. Most tenants have none, and theirs need
    /// not be looked for unit by unit.
    boolean areOfNoExperiment(SqlConnection connection) {
        return names().stream()
                .anyMatch(name ->
                        connection.number(
                                        "SELECT EXISTS (SELECT 1 FROM event WHERE kind = ? AND experiment IS NULL)",
                                        name)
                                == 1);
    }

    /// True when the name of an event does not say of which terms it is.
    boolean areFiltered() {
        return measure.terms().stream().anyMatch(term -> term.filter().isPresent());
    }

    /// The terms that an event of this name is of, if none has a filter.
    int of(String name) {
        var bits = 0;
        for (var i = 0; i < measure.terms().size(); i++) {
            bits |= measure.terms().get(i).event().equals(name) ? 1 << i : 0;
        }
        return bits;
    }

    /// The names of the events, each once.
    List<String> names() {
        return new ArrayList<>(
                measure.terms().stream().map(Measure.Term::event).distinct().toList());
    }
}
