package assay.tools;

import assay.domain.Caller;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.scripting.InProcessSandbox;
import assay.scripting.Limits;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The three tools over a data folder of their own, as a transport would call them.
final class Workspace implements AutoCloseable {
    private static final InProcessSandbox SANDBOX = new InProcessSandbox();

    private final DataFolder folder;
    private final Tools tools;
    private final Caller caller;

    Workspace(Path data) {
        this(data, new Caller("default", "tester", false), Limits.DEFAULT);
    }

    Workspace(Path data, Caller caller, Limits limits) {
        this.caller = caller;
        this.folder =
                new DataFolder(
                        data, Nouns.load(Optional.of(data.resolve("nouns"))), caller.readOnly());
        var search = new Search(folder, InstantSource.system());
        var fetch = new Fetch(folder, InstantSource.system());
        this.tools =
                new Tools(
                        List.of(
                                search,
                                fetch,
                                new Do(
                                        folder,
                                        SANDBOX,
                                        limits,
                                        InstantSource.system(),
                                        search,
                                        fetch)));
    }

    /// Calls a tool with arguments as JSON in which single quotes stand for double ones.
    Reply call(String tool, String arguments) {
        return call(tool, json(arguments));
    }

    Reply call(String tool, ObjectNode arguments) {
        return ScopedValue.where(Caller.CURRENT, caller).call(() -> tools.call(tool, arguments));
    }

    /// Runs a script.
    Reply run(String script) {
        return call("do", JsonNodeFactory.instance.objectNode().put("script", script));
    }

    /// Runs a script that must succeed, for its result.
    tools.jackson.databind.JsonNode result(String script) {
        var reply = run(script);
        if (!(reply instanceof Reply.Done)) {
            throw new AssertionError(reply.value().toPrettyString());
        }
        return reply.value().path("result");
    }

    static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    DataFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        folder.close();
    }
}
