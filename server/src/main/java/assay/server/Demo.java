package assay.server;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.tools.Reply;
import assay.tools.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `assay demo`: a prompt experiment from the plan to the conclusion, by the same calls that an
/// agent would send. Dice stand in for the model that answers.
///
/// @param caller of the tenant that it is kept in
/// @param folder of the data, where commands have to name it
/// @param err where the progress goes
/// @param isTerminal whether the line of progress is written over itself
record Demo(
        Tools tools, Caller caller, Optional<Path> folder, PrintStream err, boolean isTerminal) {
    /// The tenant that a demo is kept in, when nobody names another.
    static final String TENANT = "demo";

    private static final int MOST_BATCHES = 40;
    private static final int BATCH = 250;
    private static final int BAR = 24;

    /// What stands in for the model: how often an answer solves the problem, and its length.
    private enum Prompt {
        CONTROL("control", 0.55, 180),
        RESTATE("restate", 0.67, 205),
        STEPS("steps", 0.58, 240);

        private final String key;
        private final double solved;
        private final double tokens;

        Prompt(String key, double solved, double tokens) {
            this.key = key;
            this.solved = solved;
            this.tokens = tokens;
        }

        static Prompt of(String key) {
            for (var prompt : values()) {
                if (prompt.key.equals(key)) {
                    return prompt;
                }
            }
            throw new IllegalStateException("no prompt is called " + key);
        }
    }

    /// Plays it.
    ///
    /// @return what a reader is shown at the end
    /// @throws Refused if a call is, for instance in a folder that may not be written
    String play() throws IOException {
        progress(0, "planning");
        var begun = call(script("begin"), JsonNodeFactory.instance.objectNode());
        var id = begun.path("id").stringValue();
        var random = new Random(20_261_120);
        JsonNode results = JsonNodeFactory.instance.objectNode();
        var planned = begun.path("plannedSample").asLong(1);
        var conversations = 0;
        for (var batch = 0; batch < MOST_BATCHES; batch++) {
            results = batch(id, batch, random);
            conversations += BATCH;
            progress(
                    (double) conversations / planned,
                    "%,d conversations, look %d: %s"
                            .formatted(
                                    conversations,
                                    batch + 1,
                                    results.path("verdict").asString("")));
            if (!results.path("verdict").asString("").equals("keep_running")) {
                break;
            }
        }
        var params = JsonNodeFactory.instance.objectNode().put("id", id);
        var ended = call(script("end"), params);
        progress(1, "concluded after %,d conversations".formatted(conversations));
        if (isTerminal) {
            err.println();
        }
        return text(id, planned, results, ended);
    }

    /// Assigns a batch of conversations, lets the stand-in answer them, records and looks.
    private JsonNode batch(String id, int batch, Random random) throws IOException {
        var params = JsonNodeFactory.instance.objectNode().put("id", id);
        params.put("from", batch * BATCH).put("count", BATCH);
        var assigned = call(script("assign"), params);
        var outcomes = params.putArray("outcomes");
        for (var one : assigned) {
            var prompt = Prompt.of(one.path("key").stringValue());
            var subject = one.path("subject").stringValue();
            outcomes.addObject()
                    .put("subject", subject)
                    .put("metric", "solved")
                    .put("value", random.nextDouble() < prompt.solved ? 1 : 0);
            outcomes.addObject()
                    .put("subject", subject)
                    .put("metric", "tokens")
                    .put("value", Math.max(20, Math.round(random.nextGaussian(prompt.tokens, 60))));
        }
        return call(script("look"), params);
    }

    private static String script(String name) throws IOException {
        try (InputStream in = Demo.class.getResourceAsStream("demo/" + name + ".js")) {
            if (in == null) {
                throw new IllegalStateException("demo/" + name + ".js is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private JsonNode call(String script, ObjectNode params) {
        var arguments = JsonNodeFactory.instance.objectNode().put("script", script);
        arguments.set("params", params);
        var reply =
                ScopedValue.where(Caller.CURRENT, caller).call(() -> tools.call("do", arguments));
        if (reply instanceof Reply.Done(var value)) {
            return value.path("result");
        }
        var error = reply.value().path("error");
        throw new Refused(
                Reason.valueOf(error.path("reason").asString("internal").toUpperCase(Locale.ROOT)),
                error.path("message").asString(""),
                error.path("repair").asString(""));
    }

    /// One line that is written over itself at a terminal, and one line each elsewhere.
    private void progress(double share, String what) {
        var full = (int) Math.min(BAR, Math.round(share * BAR));
        var bar = "#".repeat(full) + ".".repeat(BAR - full);
        if (isTerminal) {
            err.print("\r[%s] %-60s".formatted(bar, what));
        } else {
            err.println("[%s] %s".formatted(bar, what));
        }
        err.flush();
    }

    private String text(String id, long planned, JsonNode results, JsonNode ended) {
        var text = new StringBuilder();
        text.append("Support answers: which system prompt solves more problems?\n\n")
                .append(results.path("text").asString(""))
                .append("\n\n")
                .append(
                        String.format(
                                Locale.ROOT,
                                "%-10s%15s%10s%24s%10s%n",
                                "prompt",
                                "conversations",
                                "solved",
                                "against control",
                                "tokens"));
        var solved = results.path("primary");
        var tokens = results.path("guardrails").path(0);
        for (var arm : solved.path("arms")) {
            var key = arm.path("key").asString("");
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%-10s%,15d%9.1f%%%24s%10.0f%n",
                            key,
                            arm.path("n").asLong(0),
                            100 * arm.path("mean").asDouble(0),
                            find(solved.path("comparisons"), "arm", key, Demo::difference),
                            arm(tokens, key)));
        }
        var winner = ended.path("winner").asString("");
        text.append('\n')
                .append(
                        winner.isEmpty()
                                ? "Concluded without a winner.\n"
                                : "Concluded with the winner '%s', confidence %.1f.\n"
                                        .formatted(winner, ended.path("confidence").asDouble(0)))
                .append(
                        "The plan reckoned with %,d conversations; it took %,d.\n"
                                .formatted(planned, ended.path("sampleSize").asLong(0)))
                .append(next(id));
        return text.toString();
    }

    private static double arm(JsonNode metric, String key) {
        for (var arm : metric.path("arms")) {
            if (arm.path("key").asString("").equals(key)) {
                return arm.path("mean").asDouble(0);
            }
        }
        return 0;
    }

    private static String find(
            JsonNode list, String member, String value, Function<JsonNode, String> shown) {
        for (var one : list) {
            if (one.path(member).asString("").equals(value)) {
                return shown.apply(one);
            }
        }
        return "";
    }

    private static String difference(JsonNode comparison) {
        return String.format(
                Locale.ROOT,
                "%+.1f (%+.1f to %+.1f)",
                100 * comparison.path("difference").asDouble(0),
                100 * comparison.path("lower").asDouble(0),
                100 * comparison.path("upper").asDouble(0));
    }

    private String next(String id) {
        var there =
                " --tenant "
                        + caller.tenant()
                        + folder.map(path -> " --data " + quoted(path)).orElse("");
        return """

        It is kept as the tenant '%1$s'. Where to look next:
          ./assay fetch '{"id": "%2$s"}'%3$s
              the experiment, with everything that was concluded
          echo "return $.Experiment.results('%2$s', {looks: true})" | ./assay do -%3$s
              every look that was taken, and what it said
          echo "return $.Experiment.certificate('%2$s')" | ./assay do -%3$s > certificate.json && ./assay verify certificate.json%3$s
              the conclusion drawn again from the events
          ./assay do examples/ab-test-with-guardrail.js
              an experiment of your own begins like this
          ./assay config --client claude-code
              lets your agent use it
        """
                .formatted(caller.tenant(), id, there);
    }

    /// A path as a word of a shell.
    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
