package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.server.cli.Scripts;
import assay.tools.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The guide that agents read does what it says.
@DisplayNameGeneration(ReplaceUnderscores.class)
class GuideTest {
    private static final Pattern BLOCK = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL);

    @TempDir Path data;

    @Test
    void its_code_blocks_run_one_after_the_other() throws Exception {
        try (var engine = Engine.open(data, false, true, data, Scripts.DEFAULT)) {
            var blocks = blocks();
            var id = result(engine, blocks.getFirst(), "").stringValue();
            JsonNode last = JsonNodeFactory.instance.missingNode();
            for (var block : blocks.subList(1, blocks.size())) {
                last = result(engine, block, id);
            }
            assertThat(last.path("status").stringValue()).isEqualTo("Concluded");
            assertThat(last.path("sampleSize").intValue()).isEqualTo(2);
        }
    }

    private static JsonNode result(Engine engine, String script, String id) {
        var arguments = JsonNodeFactory.instance.objectNode().put("script", script);
        arguments.putObject("params").put("id", id);
        var reply =
                ScopedValue.where(Caller.CURRENT, new Caller("default", "reader", false))
                        .call(() -> engine.tools().call("do", arguments));
        assertThat(reply).as(reply.value().toPrettyString()).isInstanceOf(Reply.Done.class);
        return reply.value().path("result");
    }

    private static List<String> blocks() throws Exception {
        try (var in = GuideTest.class.getResourceAsStream("/assay/server/mcp/guide.md")) {
            var guide = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return BLOCK.matcher(guide).results().map(block -> block.group(1)).toList();
        }
    }
}
