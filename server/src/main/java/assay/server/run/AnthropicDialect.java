package assay.server.run;

import assay.server.cli.ModelAccess.ApiKey;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Messages, as Anthropic has them: instructions stand apart from the messages, and the length of
/// the answer must be bounded.
final class AnthropicDialect implements Dialect {
    private static final String VERSION = "2023-06-01";
    private static final int USUAL_TOKENS = 1_024;
    private static final Set<String> INSTRUCTING = Set.of("system", "developer");

    @Override
    public URI address(String base) {
        return URI.create(base + (base.endsWith("/v1") ? "/messages" : "/v1/messages"));
    }

    @Override
    public Map<String, String> headers(Optional<ApiKey> key) {
        var headers = new HashMap<>(Map.of("anthropic-version", VERSION));
        key.ifPresent(one -> headers.put("x-api-key", one.secret()));
        return headers;
    }

    @Override
    public ObjectNode body(Question question) {
        var body = question.parameters().deepCopy();
        body.remove("stream");
        if (!body.has("max_tokens")) {
            body.put("max_tokens", USUAL_TOKENS);
        }
        var instructions = JsonNodeFactory.instance.arrayNode();
        var messages = JsonNodeFactory.instance.arrayNode();
        for (var message : question.messages()) {
            var content = message.path("content");
            if (!INSTRUCTING.contains(message.path("role").asString(""))) {
                messages.add(message);
            } else if (content.isArray()) {
                instructions.addAll(content.valueStream().toList());
            } else {
                instructions.addObject().put("type", "text").put("text", content.asString(""));
            }
        }
        if (!instructions.isEmpty()) {
            body.set("system", instructions);
        }
        return body.put("model", question.model()).set("messages", messages);
    }

    @Override
    public Optional<String> text(JsonNode answer) {
        var texts =
                answer.path("content")
                        .valueStream()
                        .filter(part -> part.path("type").asString("").equals("text"))
                        .map(part -> part.path("text").asString(""))
                        .toList();
        return texts.isEmpty()
                ? Optional.empty()
                : Optional.of(texts.stream().collect(Collectors.joining()));
    }

    @Override
    public Map<String, JsonNode> usage(JsonNode answer) {
        var usage = answer.path("usage");
        return Map.of(
                Endpoint.INPUT, usage.path("input_tokens"),
                Endpoint.OUTPUT, usage.path("output_tokens"));
    }
}
