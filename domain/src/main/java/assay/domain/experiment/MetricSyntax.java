package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Refused;
import assay.domain.store.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the declaration of one metric.
final class MetricSyntax {
    private static final List<String> COMMON =
            List.of("name", "type", "direction", "role", "margin");

    /// What each type may say beyond what all may.
    private static final Map<Metric.Type, List<String>> MEMBERS =
            Map.of(
                    Metric.Type.PROPORTION,
                    List.of("event", "filter", "window", "lookback"),
                    Metric.Type.COUNT,
                    List.of("event", "filter", "window", "cap", "lookback"),
                    Metric.Type.MEAN,
                    List.of("event", "filter", "window", "cap", "lookback", "min", "max"),
                    Metric.Type.SUM,
                    List.of("event", "filter", "window", "cap", "lookback", "min", "max"),
                    Metric.Type.RATIO,
                    List.of("numerator", "denominator", "window"),
                    Metric.Type.QUANTILE,
                    List.of("level", "of", "event", "filter", "window"),
                    Metric.Type.FUNNEL,
                    List.of("steps", "window"),
                    Metric.Type.RETENTION,
                    List.of("event", "filter", "from", "to"),
                    Metric.Type.UTILITY,
                    List.of("terms", "min", "max"));

    private static final List<String> ALL =
            List.of(
                    "name",
                    "type",
                    "direction",
                    "role",
                    "margin",
                    "event",
                    "filter",
                    "window",
                    "cap",
                    "lookback",
                    "numerator",
                    "denominator",
                    "level",
                    "of",
                    "steps",
                    "from",
                    "to",
                    "min",
                    "max",
                    "terms");

    /// A member that only one type has says which it is.
    private static final Map<String, Metric.Type> TELLING =
            Map.of(
                    "numerator", Metric.Type.RATIO,
                    "denominator", Metric.Type.RATIO,
                    "level", Metric.Type.QUANTILE,
                    "steps", Metric.Type.FUNNEL,
                    "from", Metric.Type.RETENTION,
                    "terms", Metric.Type.UTILITY);

    /// What a quantile may be of.
    private enum Of implements Worded {
        MEAN,
        SUM,
        COUNT
    }

    private static final Map<String, Metric.Direction> DIRECTIONS =
            Map.of(
                    "increase", Metric.Direction.INCREASE,
                    "up", Metric.Direction.INCREASE,
                    "higher", Metric.Direction.INCREASE,
                    "decrease", Metric.Direction.DECREASE,
                    "down", Metric.Direction.DECREASE,
                    "lower", Metric.Direction.DECREASE);

    private static final int MOST_STEPS = 20;
    private static final int LONGEST_NAME = 200;

    private final Declaration json;
    private final String name;
    private final boolean promptExperiment;

    private MetricSyntax(String path, String name, JsonNode json, boolean promptExperiment) {
        this.json = new Declaration(path, "metric " + Quoted.of(name), json);
        this.name = name;
        this.promptExperiment = promptExperiment;
    }

    static Metric named(String name, boolean promptExperiment) {
        var record = JsonNodeFactory.instance.objectNode();
        return new MetricSyntax("metrics", name, record, promptExperiment).read();
    }

    static Metric read(String path, JsonNode json, boolean promptExperiment) {
        return json.isString()
                ? named(json.stringValue(), promptExperiment)
                : new MetricSyntax(path, json.path("name").asString(""), json, promptExperiment)
                        .read();
    }

    private Metric read() {
        json.requireMembers(ALL);
        var type = type();
        for (var member : json.json().propertyNames()) {
            if (json.has(member) && !COMMON.contains(member) && !members(type).contains(member)) {
                throw foreign(type, member);
            }
        }
        var margin = margin();
        return new Metric(
                name,
                type,
                unit(type),
                json.choice("role", Metric.Role.values()),
                direction(),
                margin.size(),
                margin.isRelative(),
                terms(type),
                window(type),
                cap(),
                json.span("lookback"),
                level(type),
                bounds(),
                type == Metric.Type.UTILITY ? weights() : List.of());
    }

    private static List<String> members(Metric.Type type) {
        return MEMBERS.getOrDefault(type, List.of());
    }

    private Metric.Type type() {
        var declared = json.choice("type", Metric.Type.values());
        if (declared.isPresent()) {
            return declared.get();
        }
        for (var member : ALL) {
            if (json.has(member) && TELLING.containsKey(member)) {
                return TELLING.getOrDefault(member, Metric.Type.SUM);
            }
        }
        return promptExperiment ? Metric.Type.MEAN : Metric.Type.SUM;
    }

    private Refused foreign(Metric.Type type, String member) {
        var fitting =
                Arrays.stream(Metric.Type.values())
                        .filter(one -> members(one).contains(member))
                        .map(Metric.Type::word)
                        .toList();
        return json.refused(
                member,
                "%s is a %s, which has no %s."
                        .formatted("Metric " + Quoted.of(name), type.word(), member),
                "Leave %s out, or use it with a type that has it: %s."
                        .formatted(member, String.join(", ", fitting)));
    }

    private Measure.Kind unit(Metric.Type type) {
        return switch (type) {
            case PROPORTION, RETENTION -> Measure.Kind.PROPORTION;
            case COUNT -> Measure.Kind.COUNT;
            case MEAN -> Measure.Kind.MEAN;
            case SUM -> Measure.Kind.SUM;
            case RATIO -> Measure.Kind.RATIO;
            case FUNNEL -> Measure.Kind.FUNNEL;
            case UTILITY -> Measure.Kind.MEAN;
            case QUANTILE ->
                    switch (json.choice("of", Of.values()).orElse(Of.MEAN)) {
                        case MEAN -> Measure.Kind.MEAN;
                        case SUM -> Measure.Kind.SUM;
                        case COUNT -> Measure.Kind.COUNT;
                    };
        };
    }

    private Metric.Direction direction() {
        return json.given("direction")
                .map(word -> {
                    var direction = DIRECTIONS.get(word.asString(""));
                    if (direction == null) {
                        throw json.refused(
                                "direction",
                                "Metric %s has the unknown direction %s."
                                        .formatted(Quoted.of(name), Quoted.of(word)),
                                Nearest.hint(word.asString(""), List.of("increase", "decrease"))
                                        + "Use 'increase' or 'decrease'.");
                    }
                    return direction;
                })
                .orElse(Metric.Direction.INCREASE);
    }

    private EffectSize margin() {
        return json.given("margin")
                .map(margin -> EffectSize.read(json, "margin", true))
                .orElse(EffectSize.NONE);
    }

    private List<Measure.Term> terms(Metric.Type type) {
        return switch (type) {
            case RATIO -> List.of(term("numerator"), term("denominator"));
            case FUNNEL -> steps();
            case UTILITY -> parts();
            default -> List.of(new Measure.Term(event(), filter(json)));
        };
    }

    private String event() {
        return json.given("event").map(event -> eventName("event", event)).orElse(name);
    }

    private Measure.Term term(String member) {
        var json = this.json.given(member);
        if (json.isEmpty()) {
            throw this.json.refused(
                    member,
                    "Metric %s is a ratio without a %s.".formatted(Quoted.of(name), member),
                    "Name the events of both, such as {numerator: 'revenue', denominator: 'session'}.");
        }
        return term(member, json.get());
    }

    private Measure.Term term(String member, JsonNode json) {
        if (json.isString()) {
            return new Measure.Term(eventName(member, json), Optional.empty());
        }
        if (!json.isObject()) {
            throw invalidEvent(member);
        }
        var term =
                new Declaration(
                                this.json.path() + "." + member,
                                this.json.owner(),
                                member + ".",
                                json)
                        .requireMembers(List.of("event", "filter"));
        return new Measure.Term(eventName(member, json.path("event")), filter(term));
    }

    private String eventName(String member, JsonNode json) {
        var text = json.isString() ? json.stringValue().strip() : "";
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            throw invalidEvent(member);
        }
        return text;
    }

    private Refused invalidEvent(String member) {
        return json.invalid(
                member,
                "Give the name of an event, such as 'signup', or {event: 'signup', filter: {plan: 'pro'}}.");
    }

    private List<Measure.Term> steps() {
        var steps = json.json().path("steps");
        if (!steps.isArray() || steps.size() < 2 || steps.size() > MOST_STEPS) {
            throw json.refused(
                    "steps",
                    "Metric %s is a funnel with the steps %s."
                            .formatted(Quoted.of(name), Quoted.of(steps)),
                    "Give 2 to %d steps in order, each the name of an event, such as ['visit', 'cart', 'purchase']."
                            .formatted(MOST_STEPS));
        }
        var terms = new ArrayList<Measure.Term>();
        for (var i = 0; i < steps.size(); i++) {
            terms.add(term("steps[%d]".formatted(i), steps.get(i)));
        }
        return terms;
    }

    private List<Measure.Term> parts() {
        var terms = json.json().path("terms");
        if (!terms.isObject() || terms.isEmpty() || terms.size() > MOST_STEPS) {
            throw invalidTerms();
        }
        return terms.propertyNames().stream()
                .map(event -> new Measure.Term(event, Optional.empty()))
                .toList();
    }

    private List<Double> weights() {
        var weights = new ArrayList<Double>();
        for (var weight : json.json().path("terms")) {
            var value = weight.isNumber() ? weight.doubleValue() : 0;
            if (!(Math.abs(value) >= Outcomes.SMALLEST && Math.abs(value) <= Outcomes.LARGEST)) {
                throw invalidTerms();
            }
            weights.add(value);
        }
        return weights;
    }

    private Refused invalidTerms() {
        return json.invalid(
                "terms",
                "Give the weight of each thing that is recorded of a unit, a number other than 0, such as {score: 1, costUsd: -2}; the score comes first.");
    }

    private Optional<Metric.Bounds> bounds() {
        if (!json.has("min") && !json.has("max")) {
            return Optional.empty();
        }
        var least = bound("min");
        var most = bound("max");
        if (least >= most) {
            throw json.invalid(
                    "max",
                    "Give a max above min: the largest and the smallest value there can be.");
        }
        return Optional.of(new Metric.Bounds(least, most));
    }

    private double bound(String member) {
        var bound = json.json().path(member);
        if (bound.isMissingNode() || bound.isNull()) {
            throw json.refused(
                    member,
                    "Metric %s declares one bound of its values and not the other."
                            .formatted(Quoted.of(name)),
                    "Declare both, such as {min: 0, max: 1}, or neither.");
        }
        if (!bound.isNumber() || !(Math.abs(bound.doubleValue()) <= Outcomes.LARGEST)) {
            throw json.invalid(
                    member, "Give the smallest value there can be as min and the largest as max.");
        }
        return bound.doubleValue();
    }

    /// Whether the query language has the operators is checked where the filter is applied.
    private static Optional<ObjectNode> filter(Declaration json) {
        return json.given("filter")
                .map(filter -> {
                    if (filter instanceof ObjectNode members && !members.isEmpty()) {
                        return members;
                    }
                    throw json.invalid(
                            "filter",
                            "Send filter as an object over the event's properties, such as {plan: 'pro'} or {amount: {$gt: 10}}.");
                });
    }

    private Measure.Window window(Metric.Type type) {
        if (type == Metric.Type.RETENTION) {
            return retention();
        }
        if (json.json().path("window").isObject()) {
            var window =
                    json.within("window", List.of("from", "to"), "{from: '1d', to: '7d'}")
                            .orElseThrow();
            return window("window", window.span("from").orElse(0), window.span("to"));
        }
        return new Measure.Window(0, json.span("window"));
    }

    private Measure.Window retention() {
        if (!json.has("from") || !json.has("to")) {
            throw json.refused(
                    json.has("from") ? "to" : "from",
                    "Metric %s is a retention without a window.".formatted(Quoted.of(name)),
                    "Say from and to in days after the exposure, such as {from: 7, to: 14}.");
        }
        return window("to", days("from"), OptionalLong.of(days("to")));
    }

    private Measure.Window window(String member, long from, OptionalLong to) {
        if (to.isPresent() && to.getAsLong() <= from) {
            throw json.refused(
                    member,
                    "The window of metric %s ends at %s, before it begins."
                            .formatted(Quoted.of(name), Span.text(to.getAsLong())),
                    "Let it end later than %s after the exposure.".formatted(Span.text(from)));
        }
        return new Measure.Window(from, to);
    }

    /// A number of days, or a length of time with its unit.
    private long days(String member) {
        var json = this.json.json().path(member);
        if (json.isString()) {
            return this.json.span(member).orElseThrow();
        }
        var days = json.isNumber() ? json.doubleValue() : Double.NaN;
        if (!(days >= 0 && days * Span.DAY <= Span.LONGEST)) {
            throw this.json.invalid(
                    member, "Give a number of days from 0 on, or a length of time such as '7d'.");
        }
        return Math.round(days * Span.DAY);
    }

    private Optional<Metric.Cap> cap() {
        if (json.json().path("cap").isObject()) {
            var cap = json.within("cap", List.of("quantile"), "{quantile: 0.999}").orElseThrow();
            var level =
                    cap.between("quantile", 0, 1, "Give a number between 0 and 1, such as 0.999.");
            if (level.isEmpty()) {
                throw invalidCap();
            }
            return Optional.of(new Metric.Cap(level.getAsDouble(), true));
        }
        return json.given("cap")
                .map(cap -> {
                    var most = cap.isNumber() ? cap.doubleValue() : Double.NaN;
                    if (!(most > 0 && most <= Outcomes.LARGEST)) {
                        throw invalidCap();
                    }
                    return new Metric.Cap(most, false);
                });
    }

    private Refused invalidCap() {
        return json.invalid(
                "cap",
                "Give the most that a unit may count, a number above 0 in the metric's own unit, or {quantile: 0.999} for"
                        + " that quantile of all units.");
    }

    private OptionalDouble level(Metric.Type type) {
        if (type == Metric.Type.QUANTILE && !json.has("level")) {
            throw json.refused(
                    "level",
                    "Metric %s is a quantile without a level.".formatted(Quoted.of(name)),
                    "Say which, such as {type: 'quantile', level: 0.95}.");
        }
        return json.between(
                "level", 0, 1, "Give a number between 0 and 1, such as 0.95 for the slowest 5 %.");
    }
}
