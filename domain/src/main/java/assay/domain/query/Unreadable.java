package assay.domain.query;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The refusals of a question that cannot be understood.
final class Unreadable {
    private Unreadable() {}

    /// A name that is none of the known ones.
    static Refused name(Reason reason, String what, String name, List<String> known) {
        return new Refused(
                        reason,
                        "There is no %s %s.".formatted(what, Quoted.of(name)),
                        Nearest.hint(name, known)
                                + "Use one of: %s.".formatted(String.join(", ", known)))
                .field(name);
    }

    /// A value that does not fit its place.
    static Refused value(String where, JsonNode value, String repair) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not valid for %s.".formatted(Quoted.of(value), Quoted.of(where)),
                        repair)
                .field(where);
    }

    /// Something larger than allowed.
    static Refused size(String where, String problem, String repair) {
        return new Refused(Reason.LIMIT_EXCEEDED, problem, repair).field(where);
    }
}
