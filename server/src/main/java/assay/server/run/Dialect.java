package assay.server.run;

import assay.server.cli.ModelAccess.Api;
import assay.server.cli.ModelAccess.ApiKey;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How questions and answers are spelled at one kind of endpoint.
interface Dialect {
    static Dialect of(Api api) {
        return switch (api) {
            case OPENAI -> new OpenAiDialect();
            case ANTHROPIC -> new AnthropicDialect();
        };
    }

    /// Where questions go.
    ///
    /// @param base as the user wrote it, without a slash at its end
    URI address(String base);

    /// Headers beside the content type.
    Map<String, String> headers(Optional<ApiKey> key);

    ObjectNode body(Question question);

    /// The text of an answer; empty when it holds none.
    Optional<String> text(JsonNode answer);

    /// What the answer says of tokens, by our names of metrics.
    Map<String, JsonNode> usage(JsonNode answer);
}
