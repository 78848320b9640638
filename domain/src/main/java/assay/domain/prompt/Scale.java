package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The numbers that a model or a person may give.
///
/// @param min what counts as 0
/// @param max what counts as 1
record Scale(double min, double max) {
    private static final Scale UNIT = new Scale(0, 1);

    /// Reads `{min, max}`; nothing is 0 to 1.
    ///
    /// @throws Refused if it is no scale
    static Scale of(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return UNIT;
        }
        var isScale =
                json.isObject()
                        && json.size() == 2
                        && List.of("min", "max").stream()
                                .allMatch(end -> json.path(end).isNumber());
        var scale = new Scale(json.path("min").doubleValue(0), json.path("max").doubleValue(0));
        if (!isScale || !(scale.min() < scale.max())) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no scale.".formatted(Quoted.of(json)),
                            "Send scale as {min: 1, max: 5}.")
                    .field("scale");
        }
        return scale;
    }

    /// The place of a number on the scale, 0 to 1.
    ///
    /// @param field where it came from, for the refusal
    /// @throws Refused if it is off the scale
    double share(String field, double number) {
        if (!(number >= min && number <= max)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not within the scale of the judge, %s to %s."
                                    .formatted(plain(number), plain(min), plain(max)),
                            "Ask again for a number of that scale, or make a judge with another scale.")
                    .field(field);
        }
        return (number - min) / (max - min);
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
