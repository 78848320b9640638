package assay.server.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model's API on this machine, which answers as it is told.
final class StubEndpoint implements AutoCloseable {
    /// A request as it came.
    record Request(String path, Map<String, String> headers, JsonNode body) {
        String lastMessage() {
            var messages = body.path("messages");
            return messages.path(messages.size() - 1).path("content").asString("");
        }
    }

    /// An answer as it goes.
    record Answer(int status, Map<String, String> headers, String body) {
        static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body);
        }

        Answer with(String header, String value) {
            return new Answer(status, Map.of(header, value), body);
        }

        /// A chat completion with this text.
        static Answer said(String text) {
            return of(
                    200,
                    "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": %s}}], \"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 3}}"
                            .formatted(JsonMapper.shared().writeValueAsString(text)));
        }
    }

    /// No answer while the stub is open.
    static final Answer NEVER = Answer.of(0, "");

    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;

    StubEndpoint(Function<Request, Answer> answers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> handle(exchange, answers));
        server.start();
    }

    private void handle(HttpExchange exchange, Function<Request, Answer> answers)
            throws IOException {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name, values.getFirst()));
        var request =
                new Request(
                        exchange.getRequestURI().getPath(),
                        headers,
                        JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()));
        requests.add(request);
        var answer = answers.apply(request);
        if (answer.equals(NEVER)) {
            awaitClosed();
            exchange.close();
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        var body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /// The base address, with a path as some endpoints have one.
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /// The requests so far, in the order in which they came.
    List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
