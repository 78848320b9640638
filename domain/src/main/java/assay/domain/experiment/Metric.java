package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Measure;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How recorded outcomes become one number per unit, and which direction is good.
///
/// @param margin for a guardrail: by how much it may get worse, in the metric's own unit; 0 when
///   not declared
public record Metric(String name, Aggregation aggregation, Direction direction, double margin) {
    private static final List<String> MEMBERS = List.of("name", "type", "direction", "margin");
    private static final List<String> TYPES = List.of("proportion", "mean", "sum", "count");

    /// What a unit counts.
    public enum Aggregation {
        /// The sum of its values, 0 when there are none.
        SUM,
        /// The mean of its values; a unit without values takes no part.
        MEAN,
        /// How many values it has.
        COUNT,
        /// 1 if any of its values is not 0, else 0.
        PROPORTION
    }

    /// What it measures in a unit.
    Measure measure() {
        return Measure.of(
                switch (aggregation) {
                    case SUM -> Measure.Kind.SUM;
                    case MEAN -> Measure.Kind.MEAN;
                    case COUNT -> Measure.Kind.COUNT;
                    case PROPORTION -> Measure.Kind.PROPORTION;
                },
                name);
    }

    /// Which way is better.
    public enum Direction {
        INCREASE(1),
        DECREASE(-1);

        private final int sign;

        Direction(int sign) {
            this.sign = sign;
        }

        /// 1 when more is better, -1 when less is.
        public int sign() {
            return sign;
        }
    }

    /// A metric of which only the name is known: its values are summed per unit, or averaged in a
    /// prompt experiment.
    static Metric named(String name, boolean promptExperiment) {
        return new Metric(
                name, promptExperiment ? Aggregation.MEAN : Aggregation.SUM, Direction.INCREASE, 0);
    }

    /// Reads a declaration `{name, type, direction, margin}`, or a plain name; null members are as
    /// good as absent.
    ///
    /// @param path where it stands in the experiment, for the refusal
    static Metric of(String path, JsonNode json, boolean promptExperiment) {
        if (json.isString()) {
            return named(json.stringValue(), promptExperiment);
        }
        var plain = named(json.path("name").asString(""), promptExperiment);
        for (var member : json.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw refused(
                        path + "." + member,
                        "Metric %s has the unknown member %s."
                                .formatted(Quoted.of(plain.name()), Quoted.of(member)),
                        Nearest.hint(member, MEMBERS)
                                + "Use: %s.".formatted(String.join(", ", MEMBERS)));
            }
        }
        return new Metric(
                plain.name(),
                json.hasNonNull("type")
                        ? aggregation(path, plain.name(), json.path("type"))
                        : plain.aggregation(),
                json.hasNonNull("direction")
                        ? direction(path, plain.name(), json.path("direction"))
                        : plain.direction(),
                json.hasNonNull("margin") ? margin(path, plain.name(), json.path("margin")) : 0);
    }

    private static Aggregation aggregation(String path, String metric, JsonNode json) {
        return switch (json.asString("")) {
            case "proportion" -> Aggregation.PROPORTION;
            case "mean" -> Aggregation.MEAN;
            case "sum" -> Aggregation.SUM;
            case "count" -> Aggregation.COUNT;
            default ->
                    throw refused(
                            path + ".type",
                            "Metric %s has the unknown type %s."
                                    .formatted(Quoted.of(metric), Quoted.of(json)),
                            Nearest.hint(json.asString(""), TYPES)
                                    + "Use one of: %s.".formatted(String.join(", ", TYPES)));
        };
    }

    private static double margin(String path, String metric, JsonNode json) {
        var margin = json.isNumber() ? json.doubleValue() : Double.NaN;
        if (!(margin >= 0 && margin <= Double.MAX_VALUE)) {
            throw refused(
                    path + ".margin",
                    "Metric %s has the margin %s.".formatted(Quoted.of(metric), Quoted.of(json)),
                    "Send margin as a number from 0 on, in the metric's own unit.");
        }
        return margin;
    }

    private static Direction direction(String path, String metric, JsonNode json) {
        return switch (json.asString("")) {
            case "increase", "up", "higher" -> Direction.INCREASE;
            case "decrease", "down", "lower" -> Direction.DECREASE;
            default ->
                    throw refused(
                            path + ".direction",
                            "Metric %s has the unknown direction %s."
                                    .formatted(Quoted.of(metric), Quoted.of(json)),
                            "Use 'increase' or 'decrease'.");
        };
    }

    private static Refused refused(String path, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(path);
    }
}
