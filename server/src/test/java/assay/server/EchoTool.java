package assay.server;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.tools.Tool;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A tool that answers with what reached it, and refuses when it is asked to.
record EchoTool(String name) implements Tool {
    @Override
    public ObjectNode definition() {
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }

    @Override
    public ObjectNode call(ObjectNode arguments) {
        if (arguments.has("refuse")) {
            throw new Refused(Reason.UNKNOWN_TYPE, "There is no 'X'.", "Send type.");
        }
        var caller = Caller.CURRENT.get();
        var reply = JsonNodeFactory.instance.objectNode();
        reply.put("tool", name).put("tenant", caller.tenant()).put("readOnly", caller.readOnly());
        return reply.set("arguments", arguments);
    }
}
