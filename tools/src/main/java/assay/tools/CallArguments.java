package assay.tools;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a script gave to a call of `$`.
final class CallArguments {
    private CallArguments() {}

    /// The object at a place, counted from 0.
    ///
    /// @throws Refused if there is none
    static ObjectNode object(String call, ArrayNode arguments, int index) {
        if (arguments.path(index) instanceof ObjectNode object) {
            return object;
        }
        throw invalid(
                call,
                "Give %s an object as argument %d.".formatted(call, index + 1),
                arguments.path(index));
    }

    /// The refusal of an argument that the call cannot take.
    static Refused invalid(String call, String repair, JsonNode given) {
        return new Refused(
                Reason.INVALID_VALUE,
                "%s cannot take %s."
                        .formatted(call, given.isMissingNode() ? "nothing" : Quoted.of(given)),
                repair);
    }
}
