package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The scripts of the example `optimize-prompt`, in the order in which its agent runs them, with
/// the same fake model.
@DisplayNameGeneration(ReplaceUnderscores.class)
class OptimizePromptTest {
    private static final Path EXAMPLE = Path.of("../examples/optimize-prompt");
    private static final Pattern PROMPT =
            Pattern.compile(
                    "key: '(\\w+)',\\s+text: '([^']+)',\\s+why: '([^']+)',\\s+quality: ([0-9.]+)");
    private static final List<String> DEPARTMENTS =
            List.of("billing", "shipping", "account", "technical");
    private static final List<List<String>> TOPICS =
            List.of(
                    List.of(
                            "I was charged twice for order",
                            "The invoice has the wrong sum, number"),
                    List.of("My parcel has not arrived, order", "The parcel came damaged, order"),
                    List.of(
                            "I cannot sign in, my number is",
                            "Please change the mail address of customer"),
                    List.of("The app closes when I open ticket", "The page stays white, report"));
    private static final double SHARED = 0.75;
    private static final int TICKETS = 400;
    private static final int BATCH = 60;

    @TempDir Path data;
    private Workspace workspace;
    private List<Prompt> prompts = List.of();

    private record Prompt(String key, String text, String why, double quality) {}

    @BeforeEach
    void open() throws Exception {
        workspace = new Workspace(data);
        prompts =
                PROMPT.matcher(Files.readString(EXAMPLE.resolve("model.mjs")))
                        .results()
                        .map(one ->
                                new Prompt(
                                        one.group(1),
                                        one.group(2),
                                        one.group(3),
                                        Double.parseDouble(one.group(4))))
                        .toList();
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    private JsonNode run(String script, ObjectNode params) throws Exception {
        var call =
                JsonNodeFactory.instance
                        .objectNode()
                        .put(
                                "script",
                                Files.readString(EXAMPLE.resolve("scripts/" + script + ".js")));
        return Workspace.done(workspace.call("do", call.set("params", params))).path("result");
    }

    private static ObjectNode params() {
        return JsonNodeFactory.instance.objectNode();
    }

    private JsonNode prepare() throws Exception {
        var params = params();
        var all = params.putArray("prompts");
        prompts.forEach(one ->
                all.addObject()
                        .put("key", one.key())
                        .put("text", one.text())
                        .put("why", one.why()));
        var tickets = params.putArray("tickets");
        for (var i = 0; i < TICKETS; i++) {
            var department = i % DEPARTMENTS.size();
            var topic = TOPICS.get(department).get(i / DEPARTMENTS.size() % 2);
            tickets.addObject()
                    .put("id", "t" + i)
                    .put("expected", DEPARTMENTS.get(department))
                    .putObject("input")
                    .put("ticket", "%s %d.".formatted(topic, 1000 + i));
        }
        return run("prepare", params);
    }

    /// As `chance` of model.mjs.
    private static double chance(String text) {
        var hash = 0x811c9dc5;
        for (var i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x01000193;
        }
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return Integer.toUnsignedLong(hash ^ (hash >>> 16)) / 4294967296.0;
    }

    private String answer(int seed, JsonNode messages) {
        var instructions = messages.path(0).path("content").stringValue();
        var ticket = messages.path(1).path("content").stringValue();
        var truth = 0;
        while (TOPICS.get(truth).stream().noneMatch(ticket::startsWith)) {
            truth++;
        }
        var quality =
                prompts.stream()
                        .filter(one -> one.text().equals(instructions))
                        .findFirst()
                        .orElseThrow()
                        .quality();
        var own = chance("%d/own/%s".formatted(seed, ticket)) >= SHARED ? "/" + instructions : "";
        var isRight = chance("%d/hard/%s%s".formatted(seed, ticket, own)) < quality;
        return DEPARTMENTS.get((truth + (isRight ? 0 : 1)) % DEPARTMENTS.size());
    }

    private JsonNode optimize(int seed, JsonNode variants) throws Exception {
        var design =
                params().put("name", "Seed " + seed)
                        .put("hypothesis", "It helps.")
                        .put("minimumEffect", 0.15);
        var id = run("design", design.set("variants", variants)).path("id").stringValue();
        run("start", params().put("id", id));
        var batch = params().put("id", id).put("n", BATCH);
        batch.putArray("outcomes");
        var units = run("work", batch).path("units");
        while (!units.isEmpty()) {
            var outcomes = batch.putArray("outcomes");
            for (var unit : units) {
                outcomes.addObject()
                        .put("lease", unit.path("lease").stringValue())
                        .put("output", answer(seed, unit.path("messages")))
                        .putObject("metrics")
                        .put("outputTokens", 1);
            }
            units = run("work", batch).path("units");
        }
        return run("conclude", params().put("id", id).set("variants", variants));
    }

    @Test
    void picks_the_prompt_that_is_truly_better_and_leaves_it_in_use() throws Exception {
        var variants = prepare();
        assertThat(prepare()).isEqualTo(variants);
        var ended = optimize(1, variants);
        assertThat(ended.path("winner").asString()).isEqualTo("listed");
        assertThat(ended.path("verdict").asString()).isEqualTo("ship");
        assertThat(ended.path("production")).isEqualTo(variants.path(1).path("prompt"));
        assertThat(
                        workspace
                                .result(
                                        "(await $.Prompt.find({ family: 'ticket-triage', tags: 'production' })).map(p => p.key)")
                                .toString())
                .isEqualTo("[%s]".formatted(variants.path(1).path("prompt")));
    }
}
