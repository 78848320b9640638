package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What somebody who looks at results asks for besides.
///
/// @param slice the declared attribute by which the primary metric is shown
/// @param methodology another one than declared, to be described
/// @param isTrend true for the effect by time since the exposure
/// @param isSeries true for the looks so far
record LookRequest(
        Format format,
        Optional<String> slice,
        Optional<Rule.Methodology> methodology,
        boolean isTrend,
        boolean isSeries) {
    static final LookRequest NOTHING =
            new LookRequest(Format.JSON, Optional.empty(), Optional.empty(), false, false);

    private static final List<String> OPTIONS =
            List.of("iteration", "slice", "methodology", "trend", "looks", "format");

    /// How results are written.
    enum Format implements Worded {
        JSON,
        MARKDOWN,
        TEXT;
    }

    /// Reads `{slice, methodology, trend, looks, format}`.
    static LookRequest of(JsonNode options) {
        if (options.isMissingNode() || options.isNull()) {
            return NOTHING;
        }
        if (!options.isObject()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not what results can be asked for."
                                    .formatted(Quoted.of(options)),
                            "Send options as an object such as {slice: 'country'}, or nothing.")
                    .field("options");
        }
        for (var option : options.propertyNames()) {
            if (!OPTIONS.contains(option)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "results has no option %s.".formatted(Quoted.of(option)),
                                Nearest.hint(option, OPTIONS)
                                        + "Send {%s}, or nothing."
                                                .formatted(String.join(", ", OPTIONS)))
                        .field(option);
            }
        }
        var json = new Declaration("", "results", options);
        return new LookRequest(
                json.choice("format", Format.values()).orElse(Format.JSON),
                json.given("slice").map(slice -> attribute(json, slice)),
                json.choice("methodology", Rule.Methodology.values()),
                flag(json, "trend"),
                flag(json, "looks"));
    }

    private static String attribute(Declaration json, JsonNode slice) {
        if (!slice.isString() || slice.stringValue().isBlank()) {
            throw json.invalid(
                    "slice", "Send slice as the name of one attribute, such as 'country'.");
        }
        return slice.stringValue();
    }

    private static boolean flag(Declaration json, String member) {
        return json.given(member)
                .map(flag -> {
                    if (!flag.isBoolean()) {
                        throw json.invalid(member, "Send %s as true or false.".formatted(member));
                    }
                    return flag.booleanValue();
                })
                .orElse(false);
    }
}
