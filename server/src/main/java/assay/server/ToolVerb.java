package assay.server;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.server.cli.Request;
import assay.server.cli.Usage;
import assay.server.cli.Verb;
import assay.tools.Reply;
import assay.tools.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The tools `search`, `fetch` and `do` as verbs of a shell.
record ToolVerb(Tools tools, Caller caller) {
    /// Calls the tool of the verb's name.
    ///
    /// @param in where the script of `do -` comes from
    /// @throws Usage if an operand is not JSON, or the script cannot be read
    Reply call(Request.Run run, InputStream in) throws IOException {
        var arguments =
                run.verb() == Verb.DO ? script(run, in) : json("JSON", run.operands().getFirst());
        return ScopedValue.where(Caller.CURRENT, caller)
                .call(() -> tools.call(run.verb().word(), arguments));
    }

    /// Reads the JSON object that a word of the command line holds.
    ///
    /// @param name what the word is called in the help text
    static ObjectNode json(String name, String text) {
        if (parse(name, text) instanceof ObjectNode object) {
            return object;
        }
        throw new Usage(
                name + " is not an object: " + text, "Write it like '{\"type\": \"Experiment\"}'.");
    }

    private static ObjectNode script(Request.Run run, InputStream in) throws IOException {
        var settings = run.settings();
        var arguments = JsonNodeFactory.instance.objectNode();
        if (settings.recipe().isPresent()) {
            arguments.put("recipe", settings.recipe().get());
        } else {
            arguments.put("script", text(run.operands().getFirst(), in));
        }
        settings.params().ifPresent(params -> arguments.set("params", parse("--params", params)));
        if (settings.dryRun()) {
            arguments.put("dryRun", true);
        }
        settings.idempotencyKey().ifPresent(key -> arguments.put("idempotencyKey", key));
        return arguments;
    }

    private static String text(String operand, InputStream in) throws IOException {
        if (operand.equals("-")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        var file = Path.of(operand);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Usage(
                    "There is no readable file '" + operand + "'.",
                    "Name a script, or write - and give the script on standard input.");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static JsonNode parse(String name, String text) {
        try {
            return JsonTree.read(text);
        } catch (JacksonException problem) {
            throw new Usage(
                    name + " is not JSON: " + problem.getOriginalMessage() + ".",
                    "Put it in single quotes, like '{\"type\": \"Experiment\"}'.");
        }
    }
}
