package assay.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What reading results and recording cost at a server that holds the tenant of [EventRates], by
/// the tool `do` over HTTP with one call in flight. `bench/events results` runs it.
public final class ServerResults {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int BATCH = 10_000;
    private static final String VERSION = "2025-11-25";

    private static final String RESULTS =
            """
            const results = await $.Experiment.results('benchmark')
            return results.verdict
            """;

    private static final String RECORD =
            """
            const outcomes = []
            for (let i = 0; i < params.count; i++)
                outcomes.push({ subject: 'user-' + (params.from + i * 97) % params.subjects, value: i % 100 / 4 })
            await $.Experiment.record('benchmark', outcomes)
            return outcomes.length
            """;

    private static final String CREATE =
            """
            const events = []
            for (let i = 0; i < params.count; i++)
                events.push({ type: 'bought', userId: 'user-' + (params.from + i * 97) % params.subjects, properties: { price: i % 100 } })
            await $.Event.createMany(events)
            return events.length
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI url;
    private Optional<String> session = Optional.empty();
    private int id;

    private ServerResults(URI url) {
        this.url = url;
    }

    /// `results URL READS` reads results, and `once URL` reads them a single time; `trivial URL
    /// CALLS` runs a script that does nothing; `record URL SUBJECTS CALLS` records batches of
    /// 10,000 outcomes, and `create` creates as many events. Each prints medians.
    public static void main(String[] words) throws IOException, InterruptedException {
        var server = new ServerResults(URI.create(words[1]));
        server.begin();
        switch (words[0]) {
            case "results" -> server.times("results", RESULTS, Integer.parseInt(words[2]));
            case "once" -> server.once();
            case "trivial" ->
                    server.times("a script of nothing", "return 1", Integer.parseInt(words[2]));
            case "record", "create" ->
                    server.batches(
                            words[0],
                            words[0].equals("record") ? RECORD : CREATE,
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void begin() throws IOException, InterruptedException {
        var parameters = JSON.objectNode().put("protocolVersion", VERSION);
        parameters.set("capabilities", JSON.objectNode());
        parameters.set("clientInfo", JSON.objectNode().put("name", "bench").put("version", "1"));
        var _ = post(message("initialize", parameters).put("id", 0));
        var _ = post(message("notifications/initialized", JSON.objectNode()));
    }

    private static ObjectNode message(String method, ObjectNode parameters) {
        var message = JSON.objectNode().put("jsonrpc", "2.0").put("method", method);
        message.set("params", parameters);
        return message;
    }

    private String post(ObjectNode message) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(url)
                        .header("content-type", "application/json")
                        .header("accept", "application/json, text/event-stream")
                        .header("mcp-protocol-version", VERSION)
                        .POST(HttpRequest.BodyPublishers.ofString(message.toString()));
        session.ifPresent(known -> request.header("mcp-session-id", known));
        var answer = client.send(request.build(), BodyHandlers.ofString());
        session = session.or(() -> answer.headers().firstValue("mcp-session-id"));
        return answer.body();
    }

    private JsonNode run(String script, ObjectNode params)
            throws IOException, InterruptedException {
        var arguments = JSON.objectNode().put("script", script);
        arguments.set("params", params);
        var call = JSON.objectNode().put("name", "do");
        call.set("arguments", arguments);
        var text = post(message("tools/call", call).put("id", ++id));
        var json = text.startsWith("{") ? text : text.substring(text.indexOf("data:") + 5);
        var result = JsonMapper.shared().readTree(json).path("result");
        if (result.path("isError").asBoolean(false) || !result.has("structuredContent")) {
            throw new IllegalStateException(text);
        }
        return result.path("structuredContent").path("result");
    }

    private void once() throws IOException, InterruptedException {
        for (var i = 0; i < 20; i++) {
            var _ = run("return 1", JSON.objectNode());
        }
        var start = System.nanoTime();
        var _ = run(RESULTS, JSON.objectNode());
        System.out.printf(
                Locale.ROOT, "the first read: %.1f ms%n", (System.nanoTime() - start) / 1e6);
    }

    /// The first half of the calls does not count.
    private void times(String what, String script, int calls)
            throws IOException, InterruptedException {
        var times = new double[calls];
        for (var i = -calls; i < calls; i++) {
            var start = System.nanoTime();
            var _ = run(script, JSON.objectNode());
            if (i >= 0) {
                times[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "%s: p50 %.2f ms, p95 %.2f ms%n",
                what,
                times[calls / 2],
                times[calls * 95 / 100]);
    }

    private void batches(String what, String script, int subjects, int calls)
            throws IOException, InterruptedException {
        var times = new double[calls];
        for (var i = 0; i < calls; i++) {
            var start = System.nanoTime();
            var _ =
                    run(
                            script,
                            JSON.objectNode()
                                    .put("count", BATCH)
                                    .put("subjects", subjects)
                                    .put("from", i * BATCH * 31));
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "%s of 10,000: p50 %.0f ms, p95 %.0f ms, %.0f a second%n",
                what,
                times[calls / 2],
                times[calls * 95 / 100],
                BATCH * 1_000 / times[calls / 2]);
    }
}
