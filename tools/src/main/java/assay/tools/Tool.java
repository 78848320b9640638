package assay.tools;

import assay.domain.Refused;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One thing an agent can call.
public interface Tool {
    /// The name agents call it by.
    String name();

    /// The definition agents read: `{name, title, description, inputSchema, outputSchema,
    /// annotations}`. Callers must not change it.
    ObjectNode definition();

    /// Does it, on behalf of [assay.domain.Caller#CURRENT]. Interrupting the thread cancels the
    /// call.
    ///
    /// @throws Refused if the caller can put the call right
    ObjectNode call(ObjectNode arguments);

    /// What the caller is told of a refusal, or of a fault of our own: `{error, …}`.
    default ObjectNode failure(Refused refused) {
        return JsonNodeFactory.instance.objectNode().set("error", refused.toJson());
    }
}
