package assay.server.resilience;

import static assay.server.TestTools.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.server.mcp.Json;
import assay.server.stdio.StdioWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One client of `assay stdio` that asks for much at once.
@DisplayNameGeneration(ReplaceUnderscores.class)
class StormTest {
    private static final int CONTACTS = 10;
    private static final int IN_FLIGHT = 32;

    @TempDir Path data;

    @Test
    void every_call_of_a_storm_is_answered_once() throws Exception {
        storm(200);
    }

    @Tag("heavy")
    @RepeatedTest(20)
    void every_call_of_a_long_storm_is_answered_once() throws Exception {
        storm(2000);
    }

    private void storm(int calls) throws Exception {
        try (var assay = Program.stdio(data)) {
            var contacts = contacts(assay);
            var room = new Semaphore(IN_FLIGHT);
            var ids = new ArrayList<String>();
            for (var i = 0; i < calls; i++) {
                room.acquire();
                var id = call(assay, contacts, i);
                ids.add(id);
                Thread.startVirtualThread(() -> {
                    assay.wire().await(id);
                    room.release();
                });
            }
            for (var i = 0; i < calls; i++) {
                assertThat(answer(assay, ids.get(i), i)).isEqualTo(expected(i));
            }
            assertThat(assay.wire().duplicates).hasValue(0);
            survivesWhatMayFollow(assay);
        }
    }

    private static List<String> contacts(Program assay) {
        var made =
                assay.run(
                        """
                        const ids = []
                        for (let i = 0; i < params; i++) {
                            ids.push((await $.Contact.create({name: 'contact ' + i})).$id)
                        }
                        return ids
                        """,
                        JsonNodeFactory.instance.numberNode(CONTACTS));
        return made.valueStream().map(JsonNode::stringValue).toList();
    }

    private static String call(Program assay, List<String> contacts, int i) {
        return switch (i % 3) {
            case 0 ->
                    assay.ask(
                            "search",
                            json(
                                    "{'type': 'Contact', 'filter': {'name': 'contact %d'}}"
                                            .formatted(i % CONTACTS)));
            case 1 -> assay.ask("fetch", Json.object().put("id", contacts.get(i % CONTACTS)));
            default ->
                    assay.askDo(
                            "return 'contact ' + params",
                            JsonNodeFactory.instance.numberNode(i % CONTACTS));
        };
    }

    private static String answer(Program assay, String id, int i) {
        var value = assay.wire().await(id).at("/result/structuredContent");
        return switch (i % 3) {
            case 0 -> value.at("/results/0/name").asString();
            case 1 -> value.path("name").asString();
            default -> value.path("result").asString();
        };
    }

    private static String expected(int i) {
        return "contact " + i % CONTACTS;
    }

    private static void survivesWhatMayFollow(Program assay) {
        assay.wire().send("{\"jsonrpc\": ".getBytes(StandardCharsets.UTF_8));
        assertThat(assay.wire().await("null").at("/error/code").asInt()).isEqualTo(-32700);

        var large = "x".repeat(8 * 1024 * 1024);
        var length = assay.run("return params.length", JsonNodeFactory.instance.stringNode(large));
        assertThat(length.asInt()).isEqualTo(large.length());

        var endless = assay.askDo("while (true) {}", Json.object());
        assay.wire().tell("notifications/cancelled", Json.object().put("requestId", endless));
        assertThat(assay.run("return 'alive'", Json.object()).asString()).isEqualTo("alive");
        assertThat(assay.wire().answered(endless)).isNull();
        assertThat(assay.process().isAlive()).isTrue();
    }

    @Test
    void calls_that_are_cancelled_in_the_same_breath_are_never_answered() throws Exception {
        try (var assay = Program.stdio(data)) {
            var stdio = (StdioWire) assay.wire();
            stdio.write(cancelled(500));
            stdio.close();
            assertThat(assay.exitCode()).isZero();
            stdio.awaitEnd();
            assertThat(IntStream.range(0, 500).filter(i -> stdio.answered("c" + i) != null))
                    .isEmpty();
        }
    }

    private static byte[] cancelled(int pairs) throws IOException {
        var all = new ByteArrayOutputStream();
        for (var i = 0; i < pairs; i++) {
            var id = "c" + i;
            Json.write(
                    json("{'jsonrpc': '2.0', 'method': 'tools/call', 'params': {'name': 'search', 'arguments': {}}}")
                            .put("id", id),
                    all);
            all.write('\n');
            Json.write(
                    json("{'jsonrpc': '2.0', 'method': 'notifications/cancelled'}")
                            .set("params", Json.object().put("requestId", id)),
                    all);
            all.write('\n');
        }
        return all.toByteArray();
    }
}
