package assay.server.mcp;

import static assay.server.TestTools.json;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.server.Wire;
import assay.server.mcp.Catalog.Feature;
import assay.server.mcp.Catalog.Handler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What handlers can do besides answering, and how it looks in either era.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DispatcherTest {
    private static final Caller CALLER = new Caller("default", "tester", false);
    private static final ObjectNode SHARED = json("{'content': []}");
    private static final Question NAME = Question.elicit("Your name?", json("{'type': 'object'}"));
    private static final Question MODEL =
            new Question("sampling/createMessage", json("{'maxTokens': 1}"));

    private final BlockingQueue<ObjectNode> sent = new LinkedBlockingQueue<>();
    private final Changes changes = new Changes();
    private final Peer peer = new Peer(CALLER, sent::add);

    private Dispatcher dispatcher(Handler tool) {
        var definition = json("{'name': 'it', 'inputSchema': {'type': 'object'}}");
        var tools = new LinkedHashMap<>(Map.of("it", new Catalog.Tool(definition, tool)));
        var resources =
                new LinkedHashMap<>(
                        Map.of(
                                "test://it",
                                new Catalog.Resource(json("{'uri': 'test://it'}"), _ -> SHARED)));
        return new Dispatcher(
                new Catalog(
                        json("{'name': 'test', 'version': '1'}"),
                        "",
                        tools,
                        resources,
                        List.of(),
                        new LinkedHashMap<>(),
                        EnumSet.allOf(Feature.class)),
                changes,
                Limits.DEFAULT);
    }

    private static Message.Request request(String method, ObjectNode params) {
        return new Message.Request(json("{'id': 1}").path("id"), method, params);
    }

    private ObjectNode run(Dispatcher dispatcher, Message.Request request) {
        var envelope =
                Envelope.isStateless(request)
                        ? Envelope.stateless(request)
                        : Envelope.handshake(request, peer);
        var reply = dispatcher.run(dispatcher.open(peer, request, envelope, sent::add));
        return Objects.requireNonNull(reply);
    }

    private ObjectNode stateless(Dispatcher dispatcher, String params) {
        return run(dispatcher, request("tools/call", capable(Wire.stateless(params))));
    }

    private static ObjectNode capable(ObjectNode params) {
        ((ObjectNode) params.path("_meta"))
                .set("io.modelcontextprotocol/clientCapabilities", json("{'elicitation': {}}"));
        return params;
    }

    private void initialize(Dispatcher dispatcher, String capabilities) {
        run(
                dispatcher,
                request(
                        "initialize",
                        json(
                                "{'protocolVersion': '2025-11-25', 'capabilities': "
                                        + capabilities
                                        + "}")));
    }

    @Nested
    class A_result {
        @Test
        void that_is_shared_stays_as_it_is() {
            var before = SHARED.deepCopy();
            var reply = stateless(dispatcher(_ -> SHARED), "{'name': 'it'}");
            assertThat(reply.at("/result/resultType").asString()).isEqualTo("complete");
            assertThat(SHARED).isEqualTo(before);
        }

        @Test
        void keeps_its_own_meta_beside_ours() {
            var reply = stateless(dispatcher(_ -> json("{'_meta': {'own': 1}}")), "{'name': 'it'}");
            assertThat(reply.at("/result/_meta"))
                    .isEqualTo(
                            json(
                                    "{'own': 1, 'io.modelcontextprotocol/serverInfo': {'name': 'test', 'version': '1'}}"));
        }

        @Test
        void of_a_handler_that_breaks_is_an_error_without_details() {
            var reply =
                    stateless(
                            dispatcher(_ -> {
                                throw new AssertionError("secret");
                            }),
                            "{'name': 'it'}");
            assertThat(reply.path("error"))
                    .isEqualTo(
                            json(
                                    "{'code': -32603, 'message': 'Assay failed on its side; its log has the details.'}"));
        }
    }

    @Nested
    class A_question_in_the_stateless_era {
        private final Dispatcher dispatcher =
                dispatcher(call ->
                        Json.object().put("hello", call.ask("who", NAME).path("name").asString()));

        @Test
        void ends_the_call_and_is_answered_by_the_next() {
            var first = stateless(dispatcher, "{'name': 'it'}").path("result");
            assertThat(first.path("resultType").asString()).isEqualTo("input_required");
            assertThat(first.at("/inputRequests/who"))
                    .isEqualTo(
                            json(
                                    "{'method': 'elicitation/create', 'params': {'message': 'Your name?', 'requestedSchema': {'type': 'object'}}}"));
            var second =
                    stateless(
                            dispatcher,
                            "{'name': 'it', 'inputResponses': {'who': {'name': 'Ada'}}, 'requestState': "
                                    + first.path("requestState")
                                    + "}");
            assertThat(second.at("/result/hello").asString()).isEqualTo("Ada");
        }

        @Test
        void is_asked_again_when_the_answer_has_another_key() {
            assertThat(
                            stateless(
                                            dispatcher,
                                            "{'name': 'it', 'inputResponses': {'whom': {'name': 'Ada'}}}")
                                    .at("/result/resultType")
                                    .asString())
                    .isEqualTo("input_required");
        }

        @Test
        void refuses_a_state_that_was_changed_or_belongs_to_another_call() {
            var state =
                    stateless(dispatcher, "{'name': 'it'}").at("/result/requestState").asString();
            for (var params :
                    List.of(
                            "{'name': 'it', 'requestState': 'x" + state + "'}",
                            "{'name': 'it', 'requestState': 'nonsense'}",
                            "{'name': 'it', 'requestState': '"
                                    + state
                                    + "', 'arguments': {'other': 1}}")) {
                assertThat(stateless(dispatcher, params).at("/error/message").asString())
                        .isEqualTo("requestState was not issued for this request, or was changed.");
            }
        }

        @Test
        void refuses_answers_that_are_no_objects() {
            assertThat(
                            stateless(
                                            dispatcher,
                                            "{'name': 'it', 'inputResponses': {'who': 'Ada'}}")
                                    .at("/error/message")
                                    .asString())
                    .isEqualTo("inputResponses must be an object of objects.");
        }

        @Test
        void is_not_asked_of_a_client_that_cannot_answer() {
            assertThat(
                            stateless(
                                            dispatcher(call -> (ObjectNode) call.ask("m", MODEL)),
                                            "{'name': 'it'}")
                                    .path("error"))
                    .isEqualTo(
                            json("{'code': -32021, 'data': {'requiredCapabilities': {'sampling': {}}}}")
                                    .put(
                                            "message",
                                            "This needs the client capability 'sampling'."));
        }
    }

    @Nested
    class A_question_in_a_session {
        private final Dispatcher dispatcher =
                dispatcher(call ->
                        Json.object().put("hello", call.ask("who", NAME).path("name").asString()));

        @Test
        void waits_for_its_answer() throws Exception {
            initialize(dispatcher, "{'elicitation': {}}");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var reply =
                        threads.submit(() ->
                                run(dispatcher, request("tools/call", json("{'name': 'it'}"))));
                var question = sent.take();
                assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
                peer.answered(
                        new Message.Response(
                                question.path("id").asString(), json("{'name': 'Ada'}")));
                assertThat(reply.get().at("/result/hello").asString()).isEqualTo("Ada");
            }
        }

        @Test
        void is_refused_when_the_client_hangs_up() throws Exception {
            initialize(dispatcher, "{'elicitation': {}}");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var reply =
                        threads.submit(() ->
                                run(dispatcher, request("tools/call", json("{'name': 'it'}"))));
                sent.take();
                peer.hangUp();
                assertThat(reply.get().at("/error/message").asString())
                        .isEqualTo(
                                "The client cannot be asked (elicitation/create): it does not listen.");
            }
        }

        @Test
        void is_refused_when_the_client_refuses_it() throws Exception {
            initialize(dispatcher, "{'elicitation': {}}");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var reply =
                        threads.submit(() ->
                                run(dispatcher, request("tools/call", json("{'name': 'it'}"))));
                peer.answered(new Message.Response(sent.take().path("id").asString(), null));
                assertThat(reply.get().at("/error/message").asString())
                        .isEqualTo("The client refused elicitation/create.");
            }
        }
    }

    @Nested
    class Messages_on_the_way {
        private final Dispatcher dispatcher =
                dispatcher(call -> {
                    call.log("debug", "detail");
                    call.log("warning", "careful");
                    call.progress(1, 2);
                    return SHARED;
                });

        @Test
        void are_sent_to_a_client_that_asked_for_them() {
            var params = capable(Wire.stateless("{'name': 'it'}"));
            ((ObjectNode) params.path("_meta"))
                    .put("io.modelcontextprotocol/logLevel", "info")
                    .put("progressToken", "p");
            run(dispatcher, request("tools/call", params));
            assertThat(sent)
                    .containsExactly(
                            json(
                                    "{'jsonrpc': '2.0', 'method': 'notifications/message', 'params': {'level': 'warning', 'data': 'careful'}}"),
                            json(
                                    "{'jsonrpc': '2.0', 'method': 'notifications/progress', 'params': {'progressToken': 'p', 'progress': 1.0, 'total': 2.0}}"));
        }

        @Test
        void are_kept_from_a_client_that_did_not() {
            stateless(dispatcher, "{'name': 'it'}");
            assertThat(sent).isEmpty();
        }

        @Test
        void follow_the_level_of_the_session() {
            initialize(dispatcher, "{}");
            run(dispatcher, request("logging/setLevel", json("{'level': 'debug'}")));
            run(dispatcher, request("tools/call", json("{'name': 'it'}")));
            assertThat(sent).hasSize(2);
        }

        @Test
        void have_levels_by_name() {
            initialize(dispatcher, "{}");
            assertThat(
                            run(dispatcher, request("logging/setLevel", json("{'level': 'loud'}")))
                                    .at("/error/message")
                                    .asString())
                    .isEqualTo(
                            "'loud' is not a level. Use one of: debug, info, notice, warning, error, critical, alert, emergency.");
        }
    }

    @Nested
    class Changes_of_the_catalog {
        private final Dispatcher dispatcher = dispatcher(_ -> SHARED);

        @Test
        void reach_a_session_that_watches() {
            initialize(dispatcher, "{}");
            run(dispatcher, request("resources/subscribe", json("{'uri': 'test://it'}")));
            changes.publish(Change.TOOLS);
            changes.publish(Change.updated("test://it"));
            changes.publish(Change.updated("test://other"));
            run(dispatcher, request("resources/unsubscribe", json("{'uri': 'test://it'}")));
            changes.publish(Change.updated("test://it"));
            assertThat(sent.stream().map(message -> message.path("method").asString()))
                    .containsExactly(
                            "notifications/tools/list_changed", "notifications/resources/updated");
        }

        @Test
        void no_longer_reach_a_session_that_is_gone() {
            initialize(dispatcher, "{}");
            peer.hangUp();
            changes.publish(Change.TOOLS);
            assertThat(sent).isEmpty();
        }

        @Test
        void reach_a_subscription_until_its_client_hangs_up() throws Exception {
            var params =
                    Wire.stateless(
                            "{'notifications': {'toolsListChanged': true, 'resourceSubscriptions': ['test://it']}}");
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var reply =
                        threads.submit(
                                () -> run(dispatcher, request("subscriptions/listen", params)));
                var acknowledged = sent.take();
                assertThat(acknowledged.path("method").asString())
                        .isEqualTo("notifications/subscriptions/acknowledged");
                assertThat(acknowledged.path("params"))
                        .isEqualTo(
                                json(
                                        "{'_meta': {'io.modelcontextprotocol/subscriptionId': 1}, 'notifications': {'toolsListChanged': true, 'resourceSubscriptions': ['test://it']}}"));
                changes.publish(Change.PROMPTS);
                changes.publish(Change.updated("test://it"));
                assertThat(sent.take().path("params"))
                        .isEqualTo(
                                json(
                                        "{'uri': 'test://it', '_meta': {'io.modelcontextprotocol/subscriptionId': 1}}"));
                peer.hangUp();
                assertThat(
                                reply.get()
                                        .at("/result/_meta/io.modelcontextprotocol~1subscriptionId")
                                        .asInt())
                        .isEqualTo(1);
            }
        }
    }

    @Nested
    class A_client_that_reads_no_stream {
        @Test
        void cannot_subscribe() {
            var dispatcher = dispatcher(_ -> SHARED);
            var listen = request("subscriptions/listen", Wire.stateless("{}"));
            var call = dispatcher.open(peer, listen, Envelope.stateless(listen), Channel.NOWHERE);
            assertThat(Objects.requireNonNull(dispatcher.run(call)).at("/error/message").asString())
                    .isEqualTo("A subscription needs a client that reads an event stream.");
        }
    }

    @Nested
    class An_id {
        @Test
        void names_one_running_request_only() throws Exception {
            var started = new LinkedBlockingQueue<Boolean>();
            var dispatcher =
                    dispatcher(_ -> {
                        started.add(true);
                        Thread.sleep(60_000);
                        return SHARED;
                    });
            initialize(dispatcher, "{}");
            var replies = Collections.synchronizedList(new ArrayList<ObjectNode>());
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.execute(
                        () -> run(dispatcher, request("tools/call", json("{'name': 'it'}"))));
                started.take();
                try {
                    run(dispatcher, request("ping", Json.object()));
                } catch (Refusal refusal) {
                    replies.add(refusal.reply());
                }
                peer.cancelAll();
            }
            assertThat(replies)
                    .containsExactly(
                            json(
                                    "{'jsonrpc': '2.0', 'id': 1, 'error': {'code': -32600, 'message': 'The id is in use by a running request.'}}"));
        }
    }
}
