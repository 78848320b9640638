package assay.domain.noun;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// A write that passed every check.
///
/// @param document what is to be stored
/// @param changed false when the document is the one that is stored already and nothing happened
/// @param ignored the meta fields that the caller sent and that were not used
public record Checked(ObjectNode document, boolean changed, List<String> ignored) {
    public Checked {
        ignored = List.copyOf(ignored);
    }
}
