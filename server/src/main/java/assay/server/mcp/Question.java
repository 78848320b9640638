package assay.server.mcp;

import tools.jackson.databind.node.ObjectNode;

/// Something only the client's side can answer: its user, its model, its files.
public record Question(String method, ObjectNode params) {
    /// Asks the user to fill in a form.
    public static Question elicit(String message, ObjectNode schema) {
        return new Question(
                "elicitation/create",
                Json.object().put("message", message).set("requestedSchema", schema));
    }

    /// The client capability without which it must not be asked.
    String capability() {
        return method.substring(0, method.indexOf('/'));
    }
}
