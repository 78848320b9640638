package assay.domain.store;

import assay.domain.JsonTree;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One event as it is to be appended. An event whose id is known already changes nothing.
public final class EventRow {
    /// The columns, to which the store adds when it was appended and by whom.
    static final String COLUMNS =
            "id, kind, experiment, iteration, subject, variant, cohort, metric, value, at, doc";

    private final @Nullable Object[] values;

    private EventRow(@Nullable Object... values) {
        this.values = values;
    }

    /// The exposure of a subject.
    public static EventRow exposure(
            String id, String experiment, long iteration, Events.Exposure exposure) {
        return new EventRow(
                id,
                Events.EXPOSURE,
                experiment,
                iteration,
                exposure.subject(),
                exposure.variant(),
                exposure.cohort(),
                null,
                null,
                exposure.at(),
                properties(Optional.of(exposure.attributes())));
    }

    /// What a subject did that a metric of an experiment counts.
    public static EventRow outcome(String experiment, long iteration, Events.Outcome outcome) {
        return new EventRow(
                outcome.id(),
                Events.OUTCOME,
                experiment,
                iteration,
                outcome.subject(),
                outcome.variant().isEmpty() ? null : outcome.variant(),
                null,
                outcome.metric(),
                outcome.value(),
                outcome.at(),
                properties(outcome.properties()));
    }

    /// What belongs to no experiment.
    ///
    /// @param at milliseconds since 1970
    /// @param value what it adds to a metric of its type
    /// @param document the whole Event; empty when the rest says it all
    public static EventRow free(
            String id,
            String type,
            Optional<String> subject,
            long at,
            double value,
            Optional<ObjectNode> document) {
        return new EventRow(
                id,
                type,
                null,
                null,
                subject.orElse(null),
                null,
                null,
                null,
                value,
                at,
                document.map(JsonTree::text).orElse(null));
    }

    /// A document that holds nothing but properties, null when there are none.
    private static @Nullable String properties(Optional<ObjectNode> properties) {
        return properties
                .filter(some -> !some.isEmpty())
                .map(some -> {
                    var document = JsonNodeFactory.instance.objectNode();
                    document.set("properties", some);
                    return JsonTree.text(document);
                })
                .orElse(null);
    }

    boolean isExposure() {
        return values[2] != null && values[7] == null;
    }

    boolean isOfExperiment() {
        return values[2] != null;
    }

    String experiment() {
        return (String) Objects.requireNonNull(values[2]);
    }

    long iteration() {
        return (Long) Objects.requireNonNull(values[3]);
    }

    /// The metric of an outcome, empty for an exposure.
    String metric() {
        return values[7] == null ? "" : (String) values[7];
    }

    long at() {
        return (Long) Objects.requireNonNull(values[9]);
    }

    /// The values of the columns, and behind them when it was appended and by whom.
    @Nullable Object[] values(long now, String actor) {
        var all = new @Nullable Object[values.length + 2];
        System.arraycopy(values, 0, all, 0, values.length);
        all[values.length] = now;
        all[values.length + 1] = actor;
        return all;
    }
}
