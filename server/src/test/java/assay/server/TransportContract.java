package assay.server;

import static assay.server.TestTools.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.server.mcp.Changes;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Json;
import assay.server.mcp.Limits;
import assay.server.mcp.ToolCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What holds over every transport. A subclass only says how to open one.
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class TransportContract {
    protected static final Caller CALLER = new Caller("default", "tester", false);

    private final List<Wire> wires = new ArrayList<>();
    protected final TestTools tools = new TestTools();

    /// A fresh connection to a server of its own.
    protected abstract Wire connect(Dispatcher dispatcher) throws Exception;

    private Wire open(Limits limits) {
        try {
            var wire = connect(dispatcher(limits));
            wires.add(wire);
            return wire;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    protected final Dispatcher dispatcher(Limits limits) {
        return new Dispatcher(
                ToolCatalog.of(tools.tools(), List.of(), "1.2.3", "Be curious."),
                new Changes(),
                limits);
    }

    private Wire open() {
        return open(Limits.DEFAULT);
    }

    private Wire session() {
        return open().initialized();
    }

    @AfterEach
    void close() {
        wires.forEach(Wire::close);
    }

    protected static JsonNode error(ObjectNode answer) {
        return answer.path("error");
    }

    protected static void happens(Semaphore event) throws InterruptedException {
        assertThat(event.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }

    @Nested
    class The_handshake {
        @Test
        void agrees_on_the_version_the_client_asks_for_and_says_who_serves() {
            assertThat(
                            open().ask(
                                            "initialize",
                                            "{'protocolVersion': '2025-06-18', 'capabilities': {}}")
                                    .path("result"))
                    .isEqualTo(
                            json(
                                    """
                                    {'protocolVersion': '2025-06-18',
                                     'capabilities': {'tools': {}, 'resources': {}, 'prompts': {}, 'completions': {}},
                                     'serverInfo': {'name': 'assay', 'title': 'Assay', 'version': '1.2.3'},
                                     'instructions': 'Be curious.'}\
                                    """));
        }

        @Test
        void offers_the_newest_version_with_a_handshake_when_it_does_not_know_the_wanted_one() {
            assertThat(
                            open().ask("initialize", "{'protocolVersion': '2026-07-28'}")
                                    .at("/result/protocolVersion"))
                    .isEqualTo(json("{'v': '2025-11-25'}").get("v"));
        }

        @Test
        void comes_before_any_call_but_ping() {
            var wire = open();
            assertThat(wire.ask("ping").path("result")).isEqualTo(json("{}"));
            assertThat(
                            wire.await(wire.request("tools/list", Json.object()))
                                    .path("error")
                                    .path("message")
                                    .asString())
                    .contains("Send initialize");
        }

        @Test
        void happens_once() {
            var again =
                    session()
                            .ask(
                                    "initialize",
                                    "{'protocolVersion': '2025-11-25', 'capabilities': {}}");
            assertThat(error(again).path("code").asInt()).isEqualTo(-32600);
            assertThat(error(again).path("message").asString())
                    .startsWith("This session is initialized already.");
        }

        @Test
        void needs_a_version() {
            assertThat(error(open().ask("initialize")))
                    .isEqualTo(
                            json(
                                    "{'code': -32602, 'message': 'params.protocolVersion must be a string.'}"));
        }
    }

    @Nested
    class The_catalog {
        @Test
        void lists_the_tools_in_their_order() {
            assertThat(session().ask("tools/list").at("/result/tools").findValuesAsString("name"))
                    .containsExactly("echo", "whoami", "slow", "endless", "refuse", "break");
        }

        @Test
        void shows_a_tool_as_it_is_defined() {
            assertThat(session().ask("tools/list").at("/result/tools/0"))
                    .isEqualTo(tools.tools().all().getFirst().definition());
        }

        @Test
        void has_one_page_for_each_list_and_refuses_a_cursor_it_never_gave() {
            var wire = session();
            assertThat(wire.ask("tools/list").path("result").has("nextCursor")).isFalse();
            assertThat(error(wire.ask("tools/list", "{'cursor': 'p1'}")))
                    .isEqualTo(
                            json("{'code': -32602}")
                                    .put(
                                            "message",
                                            "'p1' is not a cursor of this list. Send the nextCursor of its last page, or none."));
        }

        @Test
        void gives_long_lists_in_pages() {
            var wire = open(new Limits(Duration.ofMinutes(1), 8, 8, 4)).initialized();
            var first = wire.ask("tools/list").path("result");
            var second =
                    wire.ask("tools/list", "{'cursor': " + first.path("nextCursor") + "}")
                            .path("result");
            assertThat(first.path("tools").findValuesAsString("name"))
                    .containsExactly("echo", "whoami", "slow", "endless");
            assertThat(second.path("tools").findValuesAsString("name"))
                    .containsExactly("refuse", "break");
            assertThat(second.has("nextCursor")).isFalse();
        }

        @Test
        void has_a_guide_to_read() {
            var wire = session();
            assertThat(wire.ask("resources/list").at("/result/resources").findValuesAsString("uri"))
                    .containsExactly("assay://guide");
            var guide =
                    wire.ask("resources/read", "{'uri': 'assay://guide'}").at("/result/contents/0");
            assertThat(guide.path("mimeType").asString()).isEqualTo("text/markdown");
            assertThat(guide.path("text").asString())
                    .startsWith("# Assay")
                    .contains("$.Experiment.conclude(");
        }

        @Test
        void has_no_other_resource() {
            assertThat(error(session().ask("resources/read", "{'uri': 'assay://nothing'}")))
                    .isEqualTo(
                            json("{'code': -32002, 'message': '', 'data': {'uri': 'assay://nothing'}}")
                                    .put("message", "There is no resource 'assay://nothing'."));
        }

        @Test
        void has_no_templates() {
            assertThat(session().ask("resources/templates/list").path("result"))
                    .isEqualTo(json("{'resourceTemplates': []}"));
        }

        @Test
        void has_a_prompt_that_designs_an_experiment_and_quotes_what_the_user_wrote() {
            var wire = session();
            assertThat(
                            wire.ask("prompts/list")
                                    .at("/result/prompts")
                                    .valueStream()
                                    .map(prompt -> prompt.path("name").asString()))
                    .containsExactly("design-experiment", "optimize-prompt", "read-results");
            var text =
                    wire.ask(
                                    "prompts/get",
                                    "{'name': 'design-experiment', 'arguments': {'goal': 'Fewer\\nrefunds'}}")
                            .at("/result/messages/0/content/text")
                            .asString();
            assertThat(text)
                    .contains("The goal, in the user's words: \"Fewer\\nrefunds\"\n")
                    .contains("The metric: to be proposed by you\n");
        }

        @Test
        void refuses_a_prompt_without_its_goal() {
            assertThat(
                            error(session().ask("prompts/get", "{'name': 'design-experiment'}"))
                                    .path("message")
                                    .asString())
                    .isEqualTo(
                            "The prompt 'design-experiment' needs the argument 'goal': what you want to find out or improve.");
        }

        @Test
        void proposes_nothing_for_free_text() {
            assertThat(
                            session()
                                    .ask(
                                            "completion/complete",
                                            "{'ref': {'type': 'ref/prompt', 'name': 'design-experiment'}, 'argument': {'name': 'goal', 'value': 'F'}}")
                                    .path("result"))
                    .isEqualTo(
                            json("{'completion': {'total': 0, 'hasMore': false, 'values': []}}"));
        }

        @Test
        void has_no_methods_of_capabilities_it_does_not_declare() {
            var wire = session();
            for (var method :
                    List.of(
                            "logging/setLevel",
                            "resources/subscribe",
                            "resources/unsubscribe",
                            "server/x")) {
                assertThat(error(wire.ask(method)))
                        .isEqualTo(
                                json("{'code': -32601}")
                                        .put(
                                                "message",
                                                "There is no method '" + method + "' here."));
            }
        }
    }

    @Nested
    class A_tool_call {
        @Test
        void gives_its_value_as_structure_and_as_the_same_text() {
            var expected = json("{'structuredContent': {'text': 'größer'}}");
            expected.putArray("content")
                    .addObject()
                    .put("type", "text")
                    .put("text", "{\"text\":\"größer\"}");
            assertThat(
                            session()
                                    .ask(
                                            "tools/call",
                                            "{'name': 'echo', 'arguments': {'text': 'größer'}}")
                                    .path("result"))
                    .isEqualTo(expected);
        }

        @Test
        void happens_on_behalf_of_the_caller() {
            assertThat(
                            session()
                                    .ask("tools/call", "{'name': 'whoami'}")
                                    .at("/result/structuredContent"))
                    .isEqualTo(json("{'tenant': 'default', 'actor': 'tester', 'readOnly': false}"));
        }

        @Test
        void that_is_refused_is_a_result_with_the_repair() {
            var result = session().ask("tools/call", "{'name': 'refuse'}").path("result");
            assertThat(result.path("isError").asBoolean()).isTrue();
            assertThat(result.at("/structuredContent/error"))
                    .isEqualTo(
                            json("{'reason': 'unknown_id', 'repair': 'Call search to find its id.'}")
                                    .put("message", "There is no experiment 'x'."));
        }

        @Test
        void that_breaks_shows_nothing_of_our_insides() {
            var result = session().ask("tools/call", "{'name': 'break'}").path("result");
            assertThat(result.path("isError").asBoolean()).isTrue();
            assertThat(result.toString())
                    .contains("incident")
                    .doesNotContain("secret")
                    .doesNotContain("Exception");
        }

        @Test
        void to_an_unknown_tool_is_told_the_names() {
            assertThat(error(session().ask("tools/call", "{'name': 'serach'}")))
                    .isEqualTo(
                            json("{'code': -32602}")
                                    .put(
                                            "message",
                                            "There is no tool 'serach'. Use one of: echo, whoami, slow, endless, refuse, break."));
        }

        @Test
        void with_arguments_that_are_no_object_is_a_result_with_the_repair() {
            var result =
                    session()
                            .ask("tools/call", "{'name': 'echo', 'arguments': 'hi'}")
                            .path("result");
            assertThat(result.path("isError").asBoolean()).isTrue();
            assertThat(result.at("/structuredContent/error"))
                    .isEqualTo(
                            json("{'reason': 'invalid_request', 'repair': 'Send arguments as one JSON object, for example {}.'}")
                                    .put("message", "The arguments of 'echo' are a string."));
        }

        @Test
        void with_an_argument_of_another_type_is_a_result_that_names_the_type() {
            assertThat(
                            session()
                                    .ask("tools/call", "{'name': 'slow', 'arguments': {'ms': '5'}}")
                                    .at("/result/structuredContent/error"))
                    .isEqualTo(
                            json("{'reason': 'invalid_value', 'repair': 'Send ms as an integer.', 'field': 'ms'}")
                                    .put("message", "'ms' is a string."));
        }

        @Test
        void that_runs_too_long_is_interrupted_and_answered() throws InterruptedException {
            var wire = open(Limits.DEFAULT.withCallTime(Duration.ofMillis(200))).initialized();
            assertThat(error(wire.ask("tools/call", "{'name': 'endless'}")))
                    .isEqualTo(
                            json(
                                    """
                                    {'code': -32001, 'data': {'reason': 'limit_exceeded'},
                                     'message': 'The call was stopped because it ran longer than 200 ms, the limit of this server.'}\
                                    """));
            happens(tools.interrupted);
        }

        @Test
        void beyond_the_limit_is_refused_while_the_others_run() throws InterruptedException {
            var wire = open(new Limits(Duration.ofMinutes(1), 2, 100, 100)).initialized();
            wire.request("tools/call", json("{'name': 'endless'}"));
            wire.request("tools/call", json("{'name': 'endless'}"));
            tools.begun.acquire(2);
            assertThat(error(wire.ask("ping")))
                    .isEqualTo(
                            json(
                                    """
                                    {'code': -32000, 'data': {'reason': 'rate_limited'},
                                     'message': 'This client has 2 calls in flight. Wait for an answer, then send this again.'}\
                                    """));
        }

        @Test
        void beyond_the_limit_of_the_server_is_refused() throws InterruptedException {
            var wire = open(new Limits(Duration.ofMinutes(1), 100, 1, 100)).initialized();
            wire.request("tools/call", json("{'name': 'endless'}"));
            tools.begun.acquire();
            assertThat(error(wire.ask("ping")).path("message").asString())
                    .isEqualTo(
                            "This server has 1 calls in flight. Wait a moment, then send this again.");
        }
    }

    @Nested
    class A_cancelled_call {
        @Test
        void is_interrupted_and_not_answered() throws InterruptedException {
            var wire = session();
            var id = wire.request("tools/call", json("{'name': 'endless'}"));
            tools.begun.acquire();
            wire.tell("notifications/cancelled", Json.object().put("requestId", id));
            happens(tools.interrupted);
            assertThat(wire.ask("ping").path("result")).isEqualTo(json("{}"));
            assertThat(wire.answered(id)).isNull();
        }

        @Test
        void leaves_the_others_alone() {
            var wire = session();
            var slow =
                    wire.request("tools/call", json("{'name': 'slow', 'arguments': {'ms': 50}}"));
            wire.tell("notifications/cancelled", Json.object().put("requestId", "another"));
            assertThat(wire.await(slow).at("/result/structuredContent"))
                    .isEqualTo(json("{'slept': true}"));
        }
    }

    @Nested
    class The_stateless_era {
        @Test
        void needs_no_handshake_and_says_what_is_served() {
            var wire = open();
            assertThat(
                            wire.await(wire.request("server/discover", Wire.stateless("{}")))
                                    .path("result"))
                    .isEqualTo(
                            json(
                                    """
                                    {'supportedVersions': ['2026-07-28'],
                                     'capabilities': {'tools': {}, 'resources': {}, 'prompts': {}, 'completions': {}},
                                     'instructions': 'Be curious.', 'resultType': 'complete', 'ttlMs': 0, 'cacheScope': 'private',
                                     '_meta': {'io.modelcontextprotocol/serverInfo': {'name': 'assay', 'title': 'Assay', 'version': '1.2.3'}}}\
                                    """));
        }

        @Test
        void calls_tools() {
            var wire = open();
            var result =
                    wire.await(wire.request("tools/call", Wire.stateless("{'name': 'whoami'}")))
                            .path("result");
            assertThat(result.path("resultType").asString()).isEqualTo("complete");
            assertThat(result.path("structuredContent"))
                    .isEqualTo(json("{'tenant': 'default', 'actor': 'tester', 'readOnly': false}"));
            assertThat(result.has("ttlMs")).isFalse();
        }

        @Test
        void may_share_a_connection_with_a_session() {
            var wire = session();
            assertThat(
                            wire.await(wire.request("tools/list", Wire.stateless("{}")))
                                    .path("result")
                                    .has("ttlMs"))
                    .isTrue();
            assertThat(wire.ask("tools/list").path("result").has("ttlMs")).isFalse();
        }

        @Test
        void has_neither_handshake_nor_ping_nor_subscriptions_to_what_never_changes() {
            var wire = open();
            for (var method :
                    List.of("initialize", "ping", "resources/subscribe", "subscriptions/listen")) {
                assertThat(
                                error(wire.await(wire.request(method, Wire.stateless("{}"))))
                                        .path("code")
                                        .asInt())
                        .isEqualTo(-32601);
            }
        }

        @Test
        void names_the_versions_it_knows() {
            var wire = open();
            var params = Wire.stateless("{}");
            ((ObjectNode) params.path("_meta"))
                    .put("io.modelcontextprotocol/protocolVersion", "2099-01-01");
            assertThat(error(wire.await(wire.request("tools/list", params))))
                    .isEqualTo(
                            json("{'code': -32022, 'data': {'requested': '2099-01-01', 'supported': ['2026-07-28']}}")
                                    .put(
                                            "message",
                                            "Protocol version '2099-01-01' is not supported."));
        }

        @Test
        void needs_the_client_to_say_what_it_can_do() {
            var wire = open();
            var params = Wire.stateless("{}");
            ((ObjectNode) params.path("_meta"))
                    .remove("io.modelcontextprotocol/clientCapabilities");
            assertThat(
                            error(wire.await(wire.request("tools/list", params)))
                                    .path("message")
                                    .asString())
                    .isEqualTo(
                            "params._meta needs 'io.modelcontextprotocol/clientCapabilities', an object.");
        }

        @Test
        void does_not_know_a_resource_by_another_code() {
            var wire = open();
            assertThat(
                            error(
                                            wire.await(
                                                    wire.request(
                                                            "resources/read",
                                                            Wire.stateless(
                                                                    "{'uri': 'assay://x'}"))))
                                    .path("code")
                                    .asInt())
                    .isEqualTo(-32602);
        }
    }

    @Nested
    class A_bad_message {
        @Test
        void that_is_not_json_is_answered_and_survived() {
            var wire = session();
            wire.send("{\"jsonrpc\": ".getBytes(UTF_8));
            assertThat(error(wire.await("null")).path("code").asInt()).isEqualTo(-32700);
            assertThat(wire.ask("ping").path("result")).isEqualTo(json("{}"));
        }

        @Test
        void that_is_a_batch_is_refused() {
            var wire = session();
            wire.send("[]".getBytes(UTF_8));
            assertThat(error(wire.await("null")).path("message").asString())
                    .isEqualTo(
                            "A message is one object with \"jsonrpc\": \"2.0\"; batches are not part of MCP.");
        }

        @Test
        void whose_params_are_no_object_is_refused_by_its_id() {
            var wire = session();
            wire.send(
                    "{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"ping\", \"params\": []}"
                            .getBytes(UTF_8));
            assertThat(wire.await("7"))
                    .isEqualTo(
                            json(
                                    "{'jsonrpc': '2.0', 'id': 7, 'error': {'code': -32600, 'message': 'params must be an object.'}}"));
        }

        @Test
        void that_nests_too_deep_is_answered_and_survived() {
            var wire = session();
            wire.send(
                    ("{\"jsonrpc\": \"2.0\", \"id\": 7, \"params\": " + "[".repeat(100_000))
                            .getBytes(UTF_8));
            assertThat(error(wire.await("null")).path("code").asInt()).isEqualTo(-32700);
            assertThat(wire.ask("ping").path("result")).isEqualTo(json("{}"));
        }
    }

    @Nested
    class A_storm {
        @Test
        void of_2000_calls_with_32_in_flight_gets_every_answer_once() throws InterruptedException {
            var wire = session();
            var room = new Semaphore(32);
            var wrong = new ArrayList<String>();
            for (var i = 0; i < 2000; i++) {
                room.acquire();
                var text = "call " + i;
                var id =
                        wire.request(
                                "tools/call",
                                json("{'name': 'echo', 'arguments': {'text': '" + text + "'}}"));
                Thread.startVirtualThread(() -> {
                    var answer = wire.await(id).at("/result/structuredContent/text").asString("");
                    if (!answer.equals(text)) {
                        synchronized (wrong) {
                            wrong.add(text + " got " + answer);
                        }
                    }
                    room.release();
                });
            }
            room.acquire(32);
            assertThat(wrong).isEmpty();
            assertThat(wire.duplicates).hasValue(0);
        }

        @Test
        void of_large_arguments_is_answered_whole() {
            var text = "x".repeat(8 * 1024 * 1024);
            assertThat(
                            session()
                                    .ask(
                                            "tools/call",
                                            "{'name': 'echo', 'arguments': {'text': '"
                                                    + text
                                                    + "'}}")
                                    .at("/result/structuredContent/text")
                                    .asString()
                                    .equals(text))
                    .isTrue();
        }
    }
}
