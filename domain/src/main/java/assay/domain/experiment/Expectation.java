package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody expects of an experiment: what the control comes to, which change is worth
/// finding, and how many units come.
///
/// @param effect the smallest change worth finding, positive; towards the metric's good side
/// @param power chance with which it is to be found
/// @param perDay new units a day, before the traffic allocation takes its share
/// @param days how long it may take
/// @param sample units in all that there will be
/// @param correlation of two runs of the same item, where items are compared in pairs
record Expectation(
        Optional<Baseline> baseline,
        Optional<Effect> effect,
        OptionalDouble power,
        OptionalDouble perDay,
        OptionalDouble days,
        OptionalDouble sample,
        OptionalDouble correlation) {
    static final double USUAL_POWER = 0.8;

    /// What is written about an expectation, wherever it stands.
    static final List<String> MEMBERS =
            List.of(
                    "baseline",
                    "sd",
                    "minimumEffect",
                    "power",
                    "perDay",
                    "days",
                    "sample",
                    "correlation");

    static final Expectation NONE =
            new Expectation(
                    Optional.empty(),
                    Optional.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());

    private static final double MOST = 1e12;

    /// What a unit of the control comes to.
    ///
    /// @param isRate true when a unit comes to 0 or 1
    record Baseline(double mean, double sd, boolean isRate) {
        static Baseline rate(double p) {
            return new Baseline(p, Math.sqrt(p * (1 - p)), true);
        }

        /// The variance of an arm whose mean is moved.
        double variance(double effect) {
            var p = mean + effect;
            return isRate ? p * (1 - p) : sd * sd;
        }
    }

    /// A change, in the metric's unit or as a share of the control's mean.
    record Effect(double size, boolean isRelative) {
        double of(Baseline baseline) {
            return isRelative ? size * Math.abs(baseline.mean()) : size;
        }
    }

    /// Reads `{baseline: rate | {mean, sd}, sd, minimumEffect: number | {relative}, power, perDay,
    /// days, sample, correlation}`; null is as good as absent.
    ///
    /// @param path what the names of fields in refusals begin with, with its dot
    /// @throws Refused for what cannot be; other members are not looked at
    static Expectation of(String path, ObjectNode json) {
        return new Expectation(
                baseline(path, json),
                effect(path, json.path("minimumEffect")),
                number(path, json, "power", 1),
                number(path, json, "perDay", MOST),
                number(path, json, "days", MOST),
                number(path, json, "sample", MOST),
                correlation(path, json.path("correlation")));
    }

    /// Reads the field `plan` of an experiment, which has no other members.
    static Expectation ofField(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return NONE;
        }
        if (!(json instanceof ObjectNode plan)) {
            throw refused(
                    "plan",
                    "%s is not a plan.".formatted(Quoted.of(json)),
                    "Send plan as an object such as {baseline: 0.1, minimumEffect: {relative: 0.1}, perDay: 500}.");
        }
        for (var member : plan.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A plan has no member %s.".formatted(Quoted.of(member)),
                                Nearest.hint(member, MEMBERS)
                                        + "Use: %s.".formatted(String.join(", ", MEMBERS)))
                        .field("plan." + member);
            }
        }
        return of("plan.", plan);
    }

    /// This one, and what it leaves open from another.
    Expectation or(Expectation other) {
        return new Expectation(
                baseline.or(other::baseline),
                effect.or(other::effect),
                power.isPresent() ? power : other.power,
                perDay.isPresent() ? perDay : other.perDay,
                days.isPresent() ? days : other.days,
                sample.isPresent() ? sample : other.sample,
                correlation.isPresent() ? correlation : other.correlation);
    }

    private static Optional<Baseline> baseline(String path, ObjectNode json) {
        var given = json.path("baseline");
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        if (given.isObject() || json.hasNonNull("sd")) {
            var mean = given.isObject() ? given.path("mean") : given;
            var sd = given.isObject() ? given.path("sd") : json.path("sd");
            if (!isFinite(mean) || !isFinite(sd) || !(sd.doubleValue() > 0)) {
                throw noBaseline(path, given);
            }
            return Optional.of(new Baseline(mean.doubleValue(), sd.doubleValue(), false));
        }
        if (!isFinite(given) || !(given.doubleValue() > 0 && given.doubleValue() < 1)) {
            throw noBaseline(path, given);
        }
        return Optional.of(Baseline.rate(given.doubleValue()));
    }

    private static Refused noBaseline(String path, JsonNode given) {
        return refused(
                path + "baseline",
                "%s is not a baseline.".formatted(Quoted.of(given)),
                "Give the control's rate, between 0 and 1, or its mean and standard deviation, such as {mean: 12.5, sd: 30}.");
    }

    private static Optional<Effect> effect(String path, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        var size = json.isObject() ? json.path("relative") : json;
        if (!isFinite(size)
                || !(Math.abs(size.doubleValue()) > 0)
                || (json.isObject() && json.size() != 1)) {
            throw refused(
                    path + "minimumEffect",
                    "%s is not an effect to plan for.".formatted(Quoted.of(json)),
                    "Give a number other than 0 in the metric's own unit, or {relative: number}, such as {relative: 0.1}.");
        }
        return Optional.of(new Effect(Math.abs(size.doubleValue()), json.isObject()));
    }

    private static OptionalDouble correlation(String path, JsonNode given) {
        if (given.isMissingNode() || given.isNull()) {
            return OptionalDouble.empty();
        }
        var value = isFinite(given) ? given.doubleValue() : Double.NaN;
        if (!(value >= 0 && value < 1)) {
            throw refused(
                    path + "correlation",
                    "%s is not a correlation of two runs of the same item."
                            .formatted(Quoted.of(given)),
                    "Give a number from 0 on and below 1, such as 0.5; 0 if runs of the same item have nothing in common.");
        }
        return OptionalDouble.of(value);
    }

    /// A number above 0 and below or at most `most`.
    private static OptionalDouble number(String path, ObjectNode json, String name, double most) {
        var given = json.path(name);
        if (given.isMissingNode() || given.isNull()) {
            return OptionalDouble.empty();
        }
        var value = isFinite(given) ? given.doubleValue() : Double.NaN;
        if (!(value > 0 && (most == 1 ? value < 1 : value <= most))) {
            throw refused(
                    path + name,
                    "%s is not valid for %s.".formatted(Quoted.of(given), name),
                    most == 1
                            ? "Give a number between 0 and 1, such as 0.8."
                            : "Give a number above 0.");
        }
        return OptionalDouble.of(value);
    }

    private static boolean isFinite(JsonNode json) {
        return json.isNumber() && Math.abs(json.doubleValue()) <= MOST;
    }

    private static Refused refused(String field, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(field);
    }

    /// What is known, as it could be written in the field `plan`.
    ObjectNode toJson() {
        var json = Json.object();
        baseline.ifPresent(known -> {
            if (known.isRate()) {
                json.put("baseline", known.mean());
            } else {
                json.putObject("baseline").put("mean", known.mean()).put("sd", known.sd());
            }
        });
        effect.ifPresent(wanted -> {
            if (wanted.isRelative()) {
                json.putObject("minimumEffect").put("relative", wanted.size());
            } else {
                json.put("minimumEffect", wanted.size());
            }
        });
        power.ifPresent(value -> json.put("power", value));
        perDay.ifPresent(value -> json.put("perDay", value));
        days.ifPresent(value -> json.put("days", value));
        sample.ifPresent(value -> json.put("sample", value));
        correlation.ifPresent(value -> json.put("correlation", value));
        return json;
    }
}
