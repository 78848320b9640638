package assay.server.http;

import static assay.server.TestTools.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.domain.Caller;
import assay.domain.Refused;
import assay.server.TestTools;
import assay.server.Wire;
import assay.server.mcp.Changes;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Json;
import assay.server.mcp.Limits;
import assay.server.mcp.ToolCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What only HTTP has: statuses, headers, paths, sessions, connections that close.
@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpBehaviourTest {
    private static final Caller CALLER = new Caller("default", "tester", false);
    private static final String INITIALIZE =
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"initialize\", \"params\": {\"protocolVersion\": \"2025-11-25\", \"capabilities\": {}}}";
    private static final String PING = "{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"ping\"}";

    private final TestTools tools = new TestTools();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicReference<Optional<String>> unready =
            new AtomicReference<>(Optional.empty());
    private HttpTransport server =
            start(HttpSettings.of("127.0.0.1", 0, CALLER).withUnready(unready::get));

    private HttpTransport start(HttpSettings settings) {
        var catalog = ToolCatalog.of(tools.tools(), List.of(), "1.2.3", "");
        return HttpTransport.start(
                new Dispatcher(catalog, new Changes(), Limits.DEFAULT), settings);
    }

    private void restart(HttpSettings settings) {
        server.stop(Duration.ZERO);
        server = start(settings);
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ZERO);
        client.shutdownNow();
    }

    private HttpResponse<String> send(
            String method, String path, String body, Map<String, String> headers) {
        try {
            return client.send(request(method, path, body, headers), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private HttpRequest request(
            String method, String path, String body, Map<String, String> headers) {
        var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        all.put("Content-Type", "application/json");
        all.put("Accept", "application/json, text/event-stream");
        all.putAll(headers);
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(method, BodyPublishers.ofString(body));
        all.forEach(request::header);
        return request.build();
    }

    private HttpResponse<String> post(String body, Map<String, String> headers) {
        return send("POST", "/mcp", body, headers);
    }

    private HttpResponse<String> stateless(String method, String params, Map<String, String> more) {
        return post(message(method, params), statelessHeaders(method, more));
    }

    private static String statelessCall(String params) {
        return message("tools/call", params);
    }

    private static String message(String method, String params) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("id", 3)
                .put("method", method)
                .set("params", Wire.stateless(params))
                .toString();
    }

    /// The same call as the bytes of a whole HTTP request.
    private static String rawCall(String tool, String params) {
        var body = statelessCall(params);
        return String.join(
                "\r\n",
                "POST /mcp HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "MCP-Protocol-Version: 2026-07-28",
                "Mcp-Method: tools/call",
                "Mcp-Name: " + tool,
                "Content-Length: " + body.length(),
                "",
                body);
    }

    private static Map<String, String> statelessHeaders(String method, Map<String, String> more) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.put("MCP-Protocol-Version", "2026-07-28");
        headers.put("Mcp-Method", method);
        headers.putAll(more);
        return headers;
    }

    private String session(String path) {
        return send("POST", path, INITIALIZE, Map.of())
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
    }

    private static ObjectNode refusal(String message) {
        return json("{'jsonrpc': '2.0', 'id': null, 'error': {'code': -32600}}")
                .set("error", Json.object().put("code", -32600).put("message", message));
    }

    /// Status and body of a refusal.
    private static String told(HttpResponse<String> response) {
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        return response.statusCode()
                + " "
                + TestTools.parse(response.body()).at("/error/message").asString();
    }

    /// Sends exactly these bytes and gives the first line that comes back.
    private String raw(String text) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
        }
    }

    @Nested
    class A_request_is_refused {
        @Test
        void with_a_small_body_that_shows_nothing_of_our_insides() {
            var response = post(PING, Map.of("Content-Type", "text/plain"));
            assertThat(response.statusCode()).isEqualTo(415);
            assertThat(TestTools.parse(response.body()))
                    .isEqualTo(refusal("Send the message with Content-Type: application/json."));
        }

        @Test
        void when_its_method_has_no_meaning_here() {
            var response = send("PUT", "/mcp", PING, Map.of());
            assertThat(told(response)).isEqualTo("405 Use one of: POST, GET, DELETE.");
            assertThat(response.headers().firstValue("Allow")).hasValue("POST, GET, DELETE");
        }

        @Test
        void when_the_client_reads_nothing_we_write() {
            assertThat(told(post(PING, Map.of("Accept", "text/html"))))
                    .isEqualTo("406 Send Accept: application/json, text/event-stream.");
        }

        @Test
        void when_it_wants_a_stream_and_reads_none() {
            assertThat(told(send("GET", "/mcp", "", Map.of("Accept", "application/json"))))
                    .isEqualTo("406 Send Accept: text/event-stream.");
        }

        @Test
        void when_it_wants_a_stream_without_a_session() {
            assertThat(told(send("GET", "/mcp", "", Map.of())))
                    .isEqualTo("405 Without a session there is no stream. Use POST.");
        }

        @Test
        void when_it_is_too_large() throws IOException {
            assertThat(
                            raw(
                                    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 413");
        }

        @Test
        void when_it_comes_from_a_page_of_another_origin() {
            for (var origin : new String[] {"http://evil.example", "null", "file://"}) {
                assertThat(told(post(PING, Map.of("Origin", origin))))
                        .isEqualTo("403 Pages of this Origin may not call this server.");
            }
            assertThat(post(PING, Map.of("Origin", "http://localhost:6274")).statusCode())
                    .isEqualTo(200);
        }

        @Test
        void when_its_host_is_not_this_machine() throws IOException {
            assertThat(raw("POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 421");
            assertThat(raw("GET /healthz HTTP/1.1\r\nHost: localhost:1\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200");
            assertThat(raw("GET /healthz HTTP/1.1\r\nHost: [::1]:1\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200");
        }

        @Test
        void when_nothing_is_at_its_path() {
            for (var path : new String[] {"/", "/mcp/x/mcp", "/mcp/", "/~a/b/mcp", "/~acme"}) {
                assertThat(told(send("POST", path, PING, Map.of())))
                        .isEqualTo(
                                "404 There is nothing at this path. MCP is served at /mcp and /~{tenant}/mcp.");
            }
        }

        @Test
        void before_its_body_has_come_and_is_told_that_the_connection_closes() throws IOException {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream()
                        .write(
                                "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
                                        .getBytes(StandardCharsets.UTF_8));
                assertThat(
                                new String(
                                        socket.getInputStream().readAllBytes(),
                                        StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 415")
                        .contains("Connection: close");
            }
        }

        @Test
        void when_it_is_no_http() throws IOException {
            assertThat(raw("nonsense\r\n\r\n")).isEqualTo("HTTP/1.1 400");
        }
    }

    @Nested
    class A_tenant {
        @Test
        void is_named_by_the_path() {
            var id = session("/~acme/mcp");
            var answer =
                    send(
                            "POST",
                            "/~acme/mcp",
                            "{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"tools/call\", \"params\": {\"name\": \"whoami\"}}",
                            Map.of("Mcp-Session-Id", id));
            assertThat(TestTools.parse(answer.body()).at("/result/structuredContent"))
                    .isEqualTo(json("{'tenant': 'acme', 'actor': 'tester', 'readOnly': false}"));
        }

        @Test
        void has_sessions_of_its_own() {
            var id = session("/~acme/mcp");
            assertThat(told(post(PING, Map.of("Mcp-Session-Id", id))))
                    .isEqualTo("404 There is no such session. Send initialize to open another.");
        }

        @Test
        void has_a_name_of_few_characters() {
            assertThat(told(send("POST", "/~a%20b/mcp", INITIALIZE, Map.of())))
                    .isEqualTo(
                            "400 'a%20b' is not a tenant name. Use 1 to 64 lower-case letters, digits, '-', '_' or '.', not beginning with a dot.");
        }
    }

    @Nested
    class A_session {
        @Test
        void is_needed() {
            assertThat(
                            told(
                                    post(
                                            "{\"jsonrpc\": \"2.0\", \"id\": 5, \"method\": \"tools/list\"}",
                                            Map.of())))
                    .isEqualTo("400 The header Mcp-Session-Id is missing. Send initialize first.");
        }

        @Test
        void ends_when_its_client_says_so() {
            var id = session("/mcp");
            assertThat(send("DELETE", "/mcp", "", Map.of("Mcp-Session-Id", id)).statusCode())
                    .isEqualTo(204);
            assertThat(post(PING, Map.of("Mcp-Session-Id", id)).statusCode()).isEqualTo(404);
        }

        @Test
        void ends_when_nobody_uses_it() throws InterruptedException {
            restart(HttpSettings.of("127.0.0.1", 0, CALLER).withSessions(10, Duration.ofMillis(1)));
            var id = session("/mcp");
            while (post(PING, Map.of("Mcp-Session-Id", id)).statusCode() == 200) {
                Thread.sleep(300);
            }
            assertThat(post(PING, Map.of("Mcp-Session-Id", id)).statusCode()).isEqualTo(404);
        }

        @Test
        void makes_room_for_a_new_one_when_it_is_the_least_used() {
            restart(HttpSettings.of("127.0.0.1", 0, CALLER).withSessions(2, Duration.ofHours(1)));
            var first = session("/mcp");
            var second = session("/mcp");
            post(PING, Map.of("Mcp-Session-Id", first));
            session("/mcp");
            assertThat(post(PING, Map.of("Mcp-Session-Id", first)).statusCode()).isEqualTo(200);
            assertThat(post(PING, Map.of("Mcp-Session-Id", second)).statusCode()).isEqualTo(404);
        }

        @Test
        void is_not_pushed_out_while_it_works() throws InterruptedException {
            restart(HttpSettings.of("127.0.0.1", 0, CALLER).withSessions(1, Duration.ofHours(1)));
            var id = session("/mcp");
            var call =
                    request(
                            "POST",
                            "/mcp",
                            json("{'jsonrpc': '2.0', 'id': 9, 'method': 'tools/call', 'params': {'name': 'endless'}}")
                                    .toString(),
                            Map.of("Mcp-Session-Id", id));
            var answer = client.sendAsync(call, BodyHandlers.ofString());
            tools.begun.acquire();
            assertThat(told(post(INITIALIZE, Map.of())))
                    .isEqualTo(
                            "503 All 1 sessions of this server are at work. Try again in a minute.");
            post(
                    json("{'jsonrpc': '2.0', 'method': 'notifications/cancelled', 'params': {'requestId': 9}}")
                            .toString(),
                    Map.of("Mcp-Session-Id", id));
            assertThat(answer.join().statusCode()).isEqualTo(202);
        }

        @Test
        void is_not_initialized_again() {
            assertThat(told(post(INITIALIZE, Map.of("Mcp-Session-Id", session("/mcp")))))
                    .isEqualTo(
                            "400 This session is initialized already. Send initialize without the header Mcp-Session-Id.");
        }

        @Test
        void speaks_a_known_version() {
            assertThat(
                            told(
                                    post(
                                            PING,
                                            Map.of(
                                                    "Mcp-Session-Id",
                                                    session("/mcp"),
                                                    "MCP-Protocol-Version",
                                                    "1999-01-01"))))
                    .isEqualTo("400 Protocol version '1999-01-01' is not supported.");
        }
    }

    @Nested
    class An_answer {
        @Test
        void is_plain_json() {
            var response = post(PING, Map.of());
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(response.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
        }

        @Test
        void is_an_event_for_a_client_that_reads_only_streams() {
            var response = post(PING, Map.of("Accept", "text/event-stream"));
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(response.body())
                    .isEqualTo(
                            "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n\n");
        }

        @Test
        void stays_plain_json_however_long_it_takes() {
            var response =
                    stateless(
                            "tools/call",
                            "{'name': 'slow', 'arguments': {'ms': 1000}}",
                            Map.of("Mcp-Name", "slow"));
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(TestTools.parse(response.body()).at("/result/structuredContent"))
                    .isEqualTo(json("{'slept': true}"));
        }
    }

    @Nested
    class Stateless_headers {
        @Test
        void must_repeat_the_body() {
            assertThat(
                            told(
                                    stateless(
                                            "tools/call",
                                            "{'name': 'echo'}",
                                            Map.of("Mcp-Name", "other"))))
                    .isEqualTo("400 Header Mcp-Name is 'other'; the body says 'echo'.");
            assertThat(told(stateless("tools/call", "{'name': 'echo'}", Map.of())))
                    .isEqualTo("400 Header Mcp-Name is missing; the body says 'echo'.");
            assertThat(told(stateless("tools/list", "{}", Map.of("Mcp-Method", "ping"))))
                    .isEqualTo("400 Header Mcp-Method is 'ping'; the body says 'tools/list'.");
        }

        @Test
        void may_be_encoded() {
            assertThat(
                            stateless(
                                            "tools/call",
                                            "{'name': 'echo'}",
                                            Map.of("Mcp-Name", "=?base64?ZWNobw==?="))
                                    .statusCode())
                    .isEqualTo(200);
        }

        @Test
        void announce_the_era_even_of_a_body_without_envelope() {
            assertThat(
                            told(
                                    post(
                                            "{\"jsonrpc\": \"2.0\", \"id\": 5, \"method\": \"tools/list\"}",
                                            statelessHeaders("tools/list", Map.of()))))
                    .isEqualTo(
                            "400 params._meta needs 'io.modelcontextprotocol/protocolVersion', a string.");
        }

        @Test
        void of_an_unknown_method_are_answered_404() {
            assertThat(told(stateless("ping", "{}", Map.of())))
                    .isEqualTo("404 There is no method 'ping' here.");
        }
    }

    @Nested
    class A_connection_that_closes {
        @Test
        void takes_its_stateless_call_back() throws Exception {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream()
                        .write(
                                rawCall("endless", "{'name': 'endless'}")
                                        .getBytes(StandardCharsets.UTF_8));
                tools.begun.acquire();
                assertThat(tools.interrupted.availablePermits()).isZero();
            }
            assertThat(tools.interrupted.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }

        @Test
        void is_told_from_one_that_sends_its_next_request_early() throws Exception {
            var first = rawCall("slow", "{'name': 'slow', 'arguments': {'ms': 500}}");
            var second = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(first.getBytes(StandardCharsets.UTF_8));
                tools.sleeping.acquire();
                socket.getOutputStream().write(second.getBytes(StandardCharsets.UTF_8));
                assertThat(
                                new String(
                                        socket.getInputStream().readAllBytes(),
                                        StandardCharsets.UTF_8))
                        .contains("\"slept\":true")
                        .endsWith("{\"status\":\"ok\"}");
            }
        }
    }

    @Nested
    class The_stream_of_a_session {
        private InputStream open(String session) throws Exception {
            var stream =
                    client.send(
                            request("GET", "/mcp", "", Map.of("Mcp-Session-Id", session)),
                            BodyHandlers.ofInputStream());
            assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            return stream.body();
        }

        @Test
        void ends_with_the_session() throws Exception {
            var id = session("/mcp");
            try (var stream = open(id)) {
                send("DELETE", "/mcp", "", Map.of("Mcp-Session-Id", id));
                assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(": \n\n");
            }
        }

        @Test
        void does_not_keep_the_server_from_stopping() throws Exception {
            try (var stream = open(session("/mcp"))) {
                server.stop(Duration.ofMinutes(1));
                assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(": \n\n");
            }
        }
    }

    @Nested
    class Health {
        @Test
        void of_the_process_is_good_while_it_answers() {
            unready.set(Optional.of("The database is locked."));
            assertThat(send("GET", "/healthz", "", Map.of()).statusCode()).isEqualTo(200);
        }

        @Test
        void says_why_it_is_not_ready() {
            assertThat(send("GET", "/readyz", "", Map.of()).statusCode()).isEqualTo(200);
            unready.set(Optional.of("The database is locked."));
            var response = send("GET", "/readyz", "", Map.of());
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(TestTools.parse(response.body()))
                    .isEqualTo(json("{'status': 'unready', 'reason': 'The database is locked.'}"));
        }
    }

    @Nested
    class The_server {
        @Test
        void is_not_opened_to_other_machines_without_authentication() {
            assertThatThrownBy(() -> start(HttpSettings.of("0.0.0.0", 0, CALLER)))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused ->
                                    assertThat(refused.toJson())
                                            .isEqualTo(
                                                    json("{'reason': 'forbidden', 'repair': 'Use the host 127.0.0.1, and a proxy that authenticates in front of it.'}")
                                                            .put(
                                                                    "message",
                                                                    "Assay would be open to other machines on '0.0.0.0', and it has no authentication.")));
        }

        @Test
        void says_so_when_its_port_is_taken() {
            assertThatThrownBy(() -> start(HttpSettings.of("127.0.0.1", server.port(), CALLER)))
                    .isInstanceOf(Refused.class)
                    .hasMessageStartingWith(
                            "Port " + server.port() + " of 127.0.0.1 cannot be used:");
        }

        @Test
        void finishes_what_runs_before_it_stops() throws InterruptedException {
            var call =
                    request(
                            "POST",
                            "/mcp",
                            statelessCall("{'name': 'slow', 'arguments': {'ms': 700}}"),
                            statelessHeaders("tools/call", Map.of("Mcp-Name", "slow")));
            var answer = client.sendAsync(call, BodyHandlers.ofString());
            tools.sleeping.acquire();
            server.stop(Duration.ofMinutes(1));
            assertThat(TestTools.parse(answer.join().body()).at("/result/structuredContent"))
                    .isEqualTo(json("{'slept': true}"));
        }

        @Test
        void interrupts_what_does_not_end() throws InterruptedException {
            var call =
                    request(
                            "POST",
                            "/mcp",
                            statelessCall("{'name': 'endless'}"),
                            statelessHeaders("tools/call", Map.of("Mcp-Name", "endless")));
            var answer = client.sendAsync(call, BodyHandlers.ofString());
            tools.begun.acquire();
            server.stop(Duration.ofMillis(10));
            assertThat(tools.interrupted.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            answer.cancel(true);
        }
    }
}
