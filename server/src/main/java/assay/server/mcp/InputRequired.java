package assay.server.mcp;

import java.io.Serial;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Ends a stateless call whose questions are still open; the client repeats it with the answers.
final class InputRequired extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Map<String, Question> open;
    private final transient String state;

    InputRequired(Map<String, Question> open, String state) {
        super(null, null, false, false);
        this.open = open;
        this.state = state;
    }

    ObjectNode result() {
        var result = Json.object().put("resultType", "input_required");
        var requests = result.putObject("inputRequests");
        open.forEach((key, question) ->
                requests.putObject(key)
                        .put("method", question.method())
                        .set("params", question.params()));
        return result.put("requestState", state);
    }
}
