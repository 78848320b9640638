package assay.tools;

import assay.domain.Caller;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import assay.scripting.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The three tools over a data folder of their own, as a transport would call them. Its clock
/// stands still until it is told to go on, and ids and chance are the same in every run.
final class Workspace implements AutoCloseable {
    static final Caller TESTER = new Caller("default", "tester", false);

    private static final long SEED = 20;
    private static final InProcessSandbox SANDBOX = new InProcessSandbox();
    private static final Pattern ID =
            Pattern.compile(
                    "\\b(experiment|featureFlag|contact|metric|event|organization|run|hook|activity|prompt|dataset|judge|lease)_[0-9A-Za-z]{8,16}\\b");

    private final DataFolder folder;
    private final Tools tools;
    private final Caller caller;
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");

    Workspace(Path data) {
        this(data, TESTER, Limits.DEFAULT);
    }

    Workspace(Path data, Caller caller, Limits limits) {
        this(data, caller, limits, true, SEED);
    }

    /// One in which no hook runs.
    static Workspace withoutHooks(Path data) {
        return new Workspace(data, TESTER, Limits.DEFAULT, false, SEED);
    }

    /// Another one over the same folder, with ids and chance of its own.
    static Workspace beside(Path data) {
        return new Workspace(data, TESTER, Limits.DEFAULT, true, SEED + 1);
    }

    /// One whose scripts run elsewhere.
    static Workspace with(Sandbox sandbox, Path data) {
        return new Workspace(sandbox, data, TESTER, Limits.DEFAULT, true, SEED);
    }

    private Workspace(Path data, Caller caller, Limits limits, boolean withHooks, long seed) {
        this(SANDBOX, data, caller, limits, withHooks, seed);
    }

    private Workspace(
            Sandbox sandbox,
            Path data,
            Caller caller,
            Limits limits,
            boolean withHooks,
            long seed) {
        this.caller = caller;
        this.folder =
                new DataFolder(
                        data, Nouns.load(Optional.of(data.resolve("nouns"))), caller.readOnly());
        var search = new Search(folder, () -> now);
        var fetch = new Fetch(folder, () -> now);
        var chance = new Random(seed);
        var script = new Do(folder, sandbox, limits, () -> now, chance, search, fetch, withHooks);
        this.tools = new Tools(List.of(search, fetch, script));
    }

    private Workspace(DataFolder folder, Tools tools, Caller caller) {
        this.folder = folder;
        this.tools = tools;
        this.caller = caller;
    }

    /// The same for another tenant.
    Workspace of(String tenant) {
        return new Workspace(folder, tools, new Caller(tenant, caller.actor(), caller.readOnly()));
    }

    /// Lets time pass.
    void later(Duration time) {
        now = now.plus(time);
    }

    /// What starts and concludes experiments when their time has come.
    Schedule schedule() {
        return new Schedule(folder, tools, () -> now);
    }

    /// What agents read of the tools.
    List<ObjectNode> definitions() {
        return tools.all().stream().map(Tool::definition).toList();
    }

    /// Calls a tool with arguments as JSON in which single quotes stand for double ones.
    Reply call(String tool, String arguments) {
        return call(tool, json(arguments));
    }

    Reply call(String tool, ObjectNode arguments) {
        return ScopedValue.where(Caller.CURRENT, caller).call(() -> tools.call(tool, arguments));
    }

    /// Calls a tool that must do what it is asked.
    ObjectNode done(String tool, String arguments) {
        return done(call(tool, arguments));
    }

    /// Calls a tool that must refuse, for its error record.
    ObjectNode refused(String tool, String arguments) {
        return error(call(tool, arguments));
    }

    /// Runs a script.
    Reply run(String script) {
        return call("do", JsonNodeFactory.instance.objectNode().put("script", script));
    }

    /// Runs a script that must succeed, for its result.
    JsonNode result(String script) {
        return done(run(script)).path("result");
    }

    /// Runs a script that must succeed, for the list of its changes.
    JsonNode changes(String script) {
        return done(run(script)).path("changes");
    }

    /// Runs a script that must fail, for its error record.
    ObjectNode error(String script) {
        return error(run(script));
    }

    static ObjectNode done(Reply reply) {
        if (!(reply instanceof Reply.Done)) {
            throw new AssertionError(reply.value().toPrettyString());
        }
        return read(reply);
    }

    static ObjectNode error(Reply reply) {
        if (!(reply instanceof Reply.Not)) {
            throw new AssertionError(reply.value().toPrettyString());
        }
        return (ObjectNode) read(reply).path("error");
    }

    /// The reply as it comes out at the other end of a transport.
    private static ObjectNode read(Reply reply) {
        return (ObjectNode) JsonMapper.shared().readTree(reply.value().toString());
    }

    /// JSON in which single quotes may stand for double ones.
    static ObjectNode json(String text) {
        return (ObjectNode) list(text);
    }

    static JsonNode list(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    /// The value with `experiment_1`, `experiment_2`, … in place of ids, in the order in which they
    /// appear.
    static JsonNode numbered(JsonNode value) {
        var names = new LinkedHashMap<String, String>();
        var counts = new LinkedHashMap<String, Integer>();
        return JsonMapper.shared()
                .readTree(
                        ID.matcher(value.toString())
                                .replaceAll(id ->
                                        names.computeIfAbsent(
                                                id.group(),
                                                _ ->
                                                        id.group(1)
                                                                + "_"
                                                                + counts.merge(
                                                                        id.group(1),
                                                                        1,
                                                                        Integer::sum))));
    }

    DataFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        folder.close();
    }
}
