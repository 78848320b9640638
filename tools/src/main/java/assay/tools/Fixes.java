package assay.tools;

import assay.domain.JsonTree;
import tools.jackson.databind.node.ObjectNode;

/// Code that makes the next attempt succeed.
final class Fixes {
    private Fixes() {}

    /// The arguments of the same tool, to be sent in place of those that were refused.
    static String arguments(ObjectNode corrected) {
        return JsonTree.text(corrected);
    }
}
