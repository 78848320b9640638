package assay.tools;

import java.io.Serial;
import tools.jackson.databind.node.ObjectNode;

/// A script that did not come to its end, with all that its agent should see: the error, the logs,
/// what was kept.
final class Failed extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient ObjectNode value;

    Failed(ObjectNode value) {
        super(null, null, false, false);
        this.value = value;
    }

    ObjectNode value() {
        return value;
    }
}
