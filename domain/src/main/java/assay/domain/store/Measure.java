package assay.domain.store;

import assay.domain.JsonTree;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What one unit comes to under one metric, as a function of its events. Equal measures have equal
/// text; the text is the identity under which totals are kept.
///
/// @param terms the events that count; of a ratio the numerator and the denominator, of a funnel
///   its steps in order, else any of them
/// @param cap the most that a unit can come to
/// @param lookback milliseconds before the exposure, over which the same is aggregated as a
///   covariate; not with a ratio
public record Measure(
        Kind kind, List<Term> terms, Window window, OptionalDouble cap, OptionalLong lookback) {
    /// More steps than anybody looks at, and few enough for one number to say which an event is of.
    private static final int MOST_TERMS = 30;

    /// How events become a number.
    public enum Kind {
        /// The sum of the values, 0 when there are none.
        SUM,
        /// The mean of the values; a unit without values is not measured.
        MEAN,
        /// How many events there are.
        COUNT,
        /// 1 if any value is not 0, else 0.
        PROPORTION,
        /// The sum of the values of the first term, beside the sum of those of the second.
        RATIO,
        /// 1 if the unit did all terms in their order, each at or after the one before, else 0.
        FUNNEL
    }

    /// Events of one name.
    ///
    /// @param event the metric of an outcome, or the type of an Event that belongs to no experiment
    /// @param filter what their properties must be, in the language of queries
    public record Term(String event, Optional<ObjectNode> filter) {}

    /// Milliseconds after the exposure, `[from, to)`; 0 and no end stand for everything from the
    /// instant of the exposure on.
    public record Window(long from, OptionalLong to) {
        /// Everything from the instant of the exposure on.
        public static final Window ALL = new Window(0, OptionalLong.empty());

        boolean holds(long afterExposure) {
            return afterExposure >= from && (to.isEmpty() || afterExposure < to.getAsLong());
        }
    }

    /// @throws IllegalArgumentException if no unit can be measured like that
    public Measure {
        terms = List.copyOf(terms);
        if (terms.isEmpty()
                || terms.size() > MOST_TERMS
                || (kind == Kind.RATIO && (terms.size() != 2 || lookback.isPresent()))) {
            throw new IllegalArgumentException(
                    "Not a measure: %s of %d terms".formatted(kind, terms.size()));
        }
    }

    /// A measure of one event, without conditions.
    public static Measure of(Kind kind, String event) {
        return new Measure(
                kind,
                List.of(new Term(event, Optional.empty())),
                Window.ALL,
                OptionalDouble.empty(),
                OptionalLong.empty());
    }

    /// The whole measure as JSON text.
    public String text() {
        var json = JsonNodeFactory.instance.objectNode().put("kind", kind.name());
        var list = json.putArray("terms");
        for (var term : terms) {
            var one = list.addObject().put("event", term.event());
            term.filter().ifPresent(filter -> one.set("filter", filter));
        }
        json.put("from", window.from());
        window.to().ifPresent(to -> json.put("to", to));
        cap.ifPresent(most -> json.put("cap", most));
        lookback.ifPresent(time -> json.put("lookback", time));
        return JsonTree.text(json);
    }

    /// The measure that [#text()] wrote.
    static Measure read(String text) {
        var json = JsonTree.read(text);
        return new Measure(
                Kind.valueOf(json.path("kind").stringValue()),
                json.path("terms")
                        .valueStream()
                        .map(term ->
                                new Term(
                                        term.path("event").stringValue(),
                                        Optional.ofNullable((ObjectNode) term.get("filter"))))
                        .toList(),
                new Window(json.path("from").longValue(), whole(json.path("to"))),
                json.has("cap")
                        ? OptionalDouble.of(json.path("cap").doubleValue())
                        : OptionalDouble.empty(),
                whole(json.path("lookback")));
    }

    private static OptionalLong whole(JsonNode json) {
        return json.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(json.longValue());
    }

    double capped(double value) {
        return cap.isPresent() ? Math.min(value, cap.getAsDouble()) : value;
    }
}
