package assay.bench;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.scripting.ChildProcessSandbox;
import assay.scripting.Host;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import assay.tools.Do;
import assay.tools.Fetch;
import assay.tools.Reply;
import assay.tools.Search;
import assay.tools.Tools;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// How long a script takes from its text to its result, in a warm process: the sandboxes alone, and
/// the tool `do` on a real database.
///
/// `Scripts FILE DATA` reads what to run from the JSON `{scripts: {name: {text, value}}, calls:
/// {name: {text, value}}, warm, runs, pauseMillis}` and prints one line `{sandbox, us: {name:
/// p50}}` for each. The texts of `scripts` call `$.echo`; those of `calls` are for `do`. `UNSEEN`
/// in a text becomes a number that no text had before.
public final class Scripts {
    private static final String API = "{\"\": [\"echo\"]}";
    private static final long HEAP_BYTES = 64L << 20;

    private final JsonNode plan;
    private final PrintStream out;
    private final AtomicLong unseen = new AtomicLong(System.nanoTime());

    private Scripts(JsonNode plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    /// Runs and prints all.
    public static void main(String[] words) throws IOException {
        var scripts = new Scripts(JsonTree.read(Files.readString(Path.of(words[0]))), System.out);
        try (var inProcess = new InProcessSandbox()) {
            scripts.measure("Assay, in process", "scripts", text -> run(inProcess, text));
        }
        try (var child = new ChildProcessSandbox(HEAP_BYTES, Optional.empty())) {
            child.warm();
            scripts.measure("Assay, child process", "scripts", text -> run(child, text));
        }
        var data = Path.of(words[1]);
        scripts.measureDo("Assay, do in process", new InProcessSandbox(), data);
        var child = new ChildProcessSandbox(HEAP_BYTES, Optional.empty());
        scripts.measureDo("Assay, do in a child process", child, data);
    }

    private static String run(Sandbox sandbox, String text) {
        var script = new Script(text, "null", API, Instant.EPOCH, 1, Limits.DEFAULT);
        return switch (sandbox.run(script, Scripts::echo)) {
            case Outcome.Returned(var json, _) -> json;
            case Outcome failed -> throw new IllegalStateException(failed.toString());
        };
    }

    private static Host.Answer echo(String function, String arguments) {
        return new Host.Answer.Value(JsonTree.read(arguments).path(0).toString());
    }

    private void measureDo(String name, Sandbox sandbox, Path data) {
        try (sandbox;
                var folder = new DataFolder(data, Nouns.load(Optional.empty()), false)) {
            var clock = InstantSource.system();
            var search = new Search(folder, clock);
            var fetch = new Fetch(folder, clock);
            var tool = new Do(folder, sandbox, Limits.DEFAULT, clock, search, fetch, true);
            var tools = new Tools(List.of(search, fetch, tool));
            var caller = new Caller("default", "bench", false);
            ScopedValue.where(Caller.CURRENT, caller)
                    .run(() -> measure(name, "calls", text -> call(tools, text)));
        }
    }

    private static String call(Tools tools, String text) {
        var arguments = JsonNodeFactory.instance.objectNode().put("script", text);
        return switch (tools.call("do", arguments)) {
            case Reply.Done(var value) -> value.path("result").toString();
            case Reply.Not(var value) -> throw new IllegalStateException(value.toString());
        };
    }

    private void measure(String name, String kind, UnaryOperator<String> run) {
        var line = JsonNodeFactory.instance.objectNode().put("sandbox", name);
        var figures = line.putObject("us");
        for (var script : plan.path(kind).properties()) {
            figures.put(script.getKey(), median(script.getValue(), run));
        }
        out.println(line);
    }

    /// Scripts of agents do not come on each other's heels. What a sandbox makes ready for the next
    /// one meanwhile counts for it.
    private void pause() {
        try {
            Thread.sleep(plan.path("pauseMillis").longValue());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /// In microseconds.
    private double median(JsonNode script, UnaryOperator<String> run) {
        var warm = plan.path("warm").intValue();
        var times = new long[plan.path("runs").intValue()];
        for (var i = -warm; i < times.length; i++) {
            var text =
                    script.path("text")
                            .stringValue()
                            .replace("UNSEEN", Long.toString(unseen.getAndIncrement()));
            pause();
            var start = System.nanoTime();
            var value = run.apply(text);
            var time = System.nanoTime() - start;
            if (!value.equals(script.path("value").stringValue())) {
                throw new IllegalStateException("%s gave %s".formatted(text, value));
            }
            if (i >= 0) {
                times[i] = time;
            }
        }
        Arrays.sort(times);
        return times[times.length / 2] / 1_000.0;
    }
}
