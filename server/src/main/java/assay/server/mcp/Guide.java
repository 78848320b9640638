package assay.server.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// The guide agents can read before they begin.
final class Guide {
    static final String URI = "assay://guide";

    private Guide() {}

    static ObjectNode definition() {
        return Json.object()
                .put("uri", URI)
                .put("name", "guide")
                .put("title", "How to run an experiment with Assay")
                .put(
                        "description",
                        "The three tools, and the shortest path from a question to a decision.")
                .put("mimeType", "text/markdown");
    }

    static ObjectNode read(Call call) {
        var result = Json.object();
        result.putArray("contents")
                .addObject()
                .put("uri", URI)
                .put("mimeType", "text/markdown")
                .put("text", text("guide.md"));
        return result;
    }

    /// A text file that lies beside this class.
    static String text(String name) {
        try (var in = Guide.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the file " + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
