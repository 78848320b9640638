package assay.server.mcp;

import assay.domain.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A message with which a user starts an agent off: a text file that lies beside this class, with
/// `{argument}` where the user's words go.
///
/// @param name of the prompt, and of its file
/// @param known what the arguments that name an object are completed from, by argument
record Starter(
        String name,
        String title,
        String description,
        List<Argument> arguments,
        Map<String, Catalog.Completion> known) {
    private static final int LONGEST_ARGUMENT = 2_000;
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

    /// @param description what to write there
    /// @param otherwise what stands in the text when the user leaves it out; empty when it is
    ///   needed
    record Argument(String name, String description, String otherwise) {
        static Argument required(String name, String description) {
            return new Argument(name, description, "");
        }

        boolean isRequired() {
            return otherwise.isEmpty();
        }
    }

    Catalog.Prompt prompt() {
        return new Catalog.Prompt(
                definition(),
                this::write,
                (call, argument, typed) ->
                        known.getOrDefault(argument, Catalog.Completion.NONE)
                                .of(call, argument, typed));
    }

    private ObjectNode definition() {
        var definition =
                Json.object().put("name", name).put("title", title).put("description", description);
        var all = definition.putArray("arguments");
        for (var argument : arguments) {
            all.addObject()
                    .put("name", argument.name())
                    .put("description", argument.description())
                    .put("required", argument.isRequired());
        }
        return definition;
    }

    /// @throws Refusal if an argument is missing
    private ObjectNode write(Call call) {
        var given = call.params().path("arguments");
        var text =
                PLACE.matcher(Guide.text(name + ".md"))
                        .replaceAll(place ->
                                Matcher.quoteReplacement(
                                        value(place.group(1), place.group(), given)));
        var result = Json.object().put("description", title);
        result.putArray("messages")
                .addObject()
                .put("role", "user")
                .putObject("content")
                .put("type", "text")
                .put("text", text);
        return result;
    }

    /// @param place as it stands in the file, which has code with braces too
    private String value(String word, String place, JsonNode given) {
        for (var argument : arguments) {
            if (argument.name().equals(word)) {
                return value(argument, Json.text(given, word));
            }
        }
        return place;
    }

    private String value(Argument argument, @Nullable String given) {
        if (given != null && !given.isBlank()) {
            return quoted(given.strip());
        }
        if (argument.isRequired()) {
            var what = argument.description();
            throw Refusal.invalidParams(
                    "The prompt '%s' needs the argument '%s': %s"
                            .formatted(
                                    name,
                                    argument.name(),
                                    Character.toLowerCase(what.charAt(0)) + what.substring(1)));
        }
        return argument.otherwise();
    }

    /// As a JSON string, so that it cannot be taken for a part of the message around it.
    private static String quoted(String argument) {
        var bounded =
                argument.length() > LONGEST_ARGUMENT
                        ? argument.substring(0, LONGEST_ARGUMENT) + "…"
                        : argument;
        return JsonTree.text(JsonNodeFactory.instance.stringNode(bounded));
    }
}
