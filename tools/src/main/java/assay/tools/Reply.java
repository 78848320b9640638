package assay.tools;

import tools.jackson.databind.node.ObjectNode;

/// What a tool call came to.
public sealed interface Reply {
    /// The value as agents see it.
    ObjectNode value();

    /// It was done.
    record Done(ObjectNode value) implements Reply {}

    /// It was refused or failed, and nothing was kept. The value is `{error: {reason, message,
    /// repair, …}, …}`.
    record Not(ObjectNode value) implements Reply {}
}
