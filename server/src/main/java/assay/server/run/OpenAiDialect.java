package assay.server.run;

import assay.server.cli.ModelAccess.ApiKey;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Chat completions, as OpenAI has them.
final class OpenAiDialect implements Dialect {
    @Override
    public URI address(String base) {
        return URI.create(base + "/chat/completions");
    }

    @Override
    public Map<String, String> headers(Optional<ApiKey> key) {
        return key.map(one -> Map.of("Authorization", "Bearer " + one.secret())).orElse(Map.of());
    }

    @Override
    public ObjectNode body(Question question) {
        var body = question.parameters().deepCopy();
        // An answer in pieces would have to be put together again.
        body.remove("stream");
        return body.put("model", question.model()).set("messages", question.messages());
    }

    @Override
    public Optional<String> text(JsonNode answer) {
        var content = answer.path("choices").path(0).path("message").path("content");
        return content.isString() ? Optional.of(content.stringValue()) : Optional.empty();
    }

    @Override
    public Map<String, JsonNode> usage(JsonNode answer) {
        var usage = answer.path("usage");
        return Map.of(
                Endpoint.INPUT, usage.path("prompt_tokens"),
                Endpoint.OUTPUT, usage.path("completion_tokens"),
                Endpoint.COST, usage.path("cost"));
    }
}
