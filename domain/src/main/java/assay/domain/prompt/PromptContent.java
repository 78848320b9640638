package assay.domain.prompt;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a version of a prompt is, apart from its name: the messages with their variables, the model
/// they are meant for and its parameters. Two versions with equal content are the same version.
///
/// @param messages `{role, content}` each; content is a text, or an array of parts whose texts are
///   templates too
/// @param model empty when none is named
/// @param parameters of the model, such as temperature
public record PromptContent(ArrayNode messages, String model, ObjectNode parameters) {
    /// The fields of the noun that make up the content.
    static final List<String> FIELDS = List.of("template", "messages", "model", "parameters");

    private static final List<String> ROLES =
            List.of("system", "developer", "user", "assistant", "tool");
    private static final Set<String> MESSAGE = Set.of("role", "content", "name");
    private static final int MOST_MESSAGES = 100;
    private static final int LONGEST = 200_000;

    /// Characters from which on a prompt is called long: about 5,000 tokens.
    private static final int LONG = 20_000;

    /// Variables as other systems write them.
    private static final Pattern SINGLE_BRACES =
            Pattern.compile("(?<![{$\\\\])\\{[A-Za-z_][A-Za-z0-9_.]{0,60}\\}(?!\\})");

    /// Reads the content of a document.
    ///
    /// @throws Refused if it has none, or one that cannot be
    public static PromptContent of(ObjectNode document) {
        var parameters = document.path("parameters");
        if (!parameters.isMissingNode() && !parameters.isNull() && !parameters.isObject()) {
            throw invalid(
                    "parameters",
                    "%s cannot be the parameters of a model.".formatted(Quoted.of(parameters)),
                    "Send parameters as an object, such as {temperature: 0.2}.");
        }
        var content =
                new PromptContent(
                        messages(document),
                        document.path("model").asString(""),
                        parameters instanceof ObjectNode object ? object : Json.object());
        var length = Canonical.text(content.json()).length();
        if (length > LONGEST) {
            throw new Refused(
                            Reason.TOO_LARGE,
                            "The prompt has %,d characters; %,d is the most."
                                    .formatted(length, LONGEST),
                            "Take what differs from item to item out of the prompt, and put a variable in its place.")
                    .field(document.hasNonNull("template") ? "template" : "messages");
        }
        return content;
    }

    private static ArrayNode messages(ObjectNode document) {
        var template = document.path("template");
        var messages = document.path("messages");
        if (document.hasNonNull("template") && document.hasNonNull("messages")) {
            throw invalid(
                    "messages",
                    "A prompt has template or messages, not both.",
                    "Send messages: [{role: 'system', content: '…'}, {role: 'user', content: '…'}], or template for one message of the user.");
        }
        if (document.hasNonNull("template")) {
            return Json.array()
                    .add(Json.object().put("role", "user").put("content", template.stringValue()));
        }
        if (!document.hasNonNull("messages")) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "A prompt needs template or messages.",
                            "Send template: 'Answer briefly: {{question}}', or messages: [{role: 'system', content: '…'}, {role: 'user', content: '{{question}}'}].")
                    .field("template");
        }
        if (!(messages instanceof ArrayNode list)
                || list.isEmpty()
                || list.size() > MOST_MESSAGES) {
            throw invalid(
                    "messages",
                    "%s is not a list of 1 to %d messages."
                            .formatted(Quoted.of(messages), MOST_MESSAGES),
                    "Send messages as [{role: 'user', content: '…'}].");
        }
        for (var i = 0; i < list.size(); i++) {
            check("messages[%d]".formatted(i), list.get(i));
        }
        return list;
    }

    private static void check(String path, JsonNode message) {
        for (var key : message.propertyNames()) {
            if (!MESSAGE.contains(key)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A message has no %s.".formatted(Quoted.of(key)),
                                "Send {role, content, name}.")
                        .field(path + "." + key);
            }
        }
        var role = message.path("role").asString("");
        if (!ROLES.contains(role)) {
            throw invalid(
                    path + ".role",
                    "%s is no role of a message.".formatted(Quoted.of(message.path("role"))),
                    "%sUse one of: %s."
                            .formatted(Nearest.hint(role, ROLES), String.join(", ", ROLES)));
        }
        var content = message.path("content");
        var isParts =
                content.isArray()
                        && !content.isEmpty()
                        && content.valueStream().allMatch(JsonNode::isObject);
        if (!content.isString() && !isParts) {
            throw invalid(
                    path + ".content",
                    "%s cannot be the content of a message.".formatted(Quoted.of(content)),
                    "Send content as a text, or as an array of parts such as {type: 'text', text: '…'}.");
        }
    }

    private static Refused invalid(String field, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(field);
    }

    /// `{messages, model?, parameters?}`.
    public ObjectNode json() {
        var json = Json.object();
        json.set("messages", messages);
        if (!model.isEmpty()) {
            json.put("model", model);
        }
        if (!parameters.isEmpty()) {
            json.set("parameters", parameters);
        }
        return json;
    }

    /// What tells this content from every other, as 64 hexadecimal digits.
    public String hash() {
        return Canonical.hash(json());
    }

    /// The names of all variables, in the order of the messages.
    List<String> variables() {
        var names = new LinkedHashSet<String>();
        templates().forEach(template -> names.addAll(template.variables()));
        return List.copyOf(names);
    }

    private List<Template> templates() {
        return texts().stream().map(Template::of).toList();
    }

    private List<String> texts() {
        var texts = new ArrayList<String>();
        var _ =
                changed(
                        messages,
                        text -> {
                            texts.add(text);
                            return text;
                        });
        return texts;
    }

    /// The messages with the input in place of the variables; those it has no value for stay.
    public ArrayNode render(Input input) {
        return changed(messages, text -> Template.of(text).render(input::value));
    }

    /// The characters of all texts, rendered.
    public int length(Input input) {
        return templates().stream()
                .mapToInt(template -> template.render(input::value).length())
                .sum();
    }

    /// Variables that the input has no value for.
    public List<String> missing(Input input) {
        return variables().stream().filter(name -> input.value(name).isEmpty()).toList();
    }

    private static ArrayNode changed(ArrayNode messages, UnaryOperator<String> change) {
        var changed = Json.array();
        for (var message : messages) {
            var copy = ((ObjectNode) message).deepCopy();
            copy.set("content", content(message.path("content"), change));
            changed.add(copy);
        }
        return changed;
    }

    private static JsonNode content(JsonNode content, UnaryOperator<String> change) {
        if (content.isString()) {
            return Json.text(change.apply(content.stringValue()));
        }
        var parts = Json.array();
        for (var part : content) {
            var copy = ((ObjectNode) part).deepCopy();
            if (part.path("text").isString()) {
                copy.put("text", change.apply(part.path("text").stringValue()));
            }
            parts.add(copy);
        }
        return parts;
    }

    /// What is probably not meant as it is written, in sentences.
    List<String> warnings() {
        var warnings = new ArrayList<String>();
        templates().forEach(template -> noVariables(template, warnings));
        texts().forEach(text -> singleBraces(text, warnings));
        if (variables().isEmpty()) {
            warnings.add("There is no {{variable}}, so every item is asked the same.");
        }
        if (messages.valueStream()
                .noneMatch(message -> message.path("role").stringValue().equals("user"))) {
            warnings.add("No message has the role user; some models refuse that.");
        }
        var length = texts().stream().mapToInt(String::length).sum();
        if (length > LONG) {
            warnings.add(
                    "The text has %,d characters, about %,d tokens for every unit."
                            .formatted(length, length / 4));
        }
        return warnings;
    }

    private static void noVariables(Template template, List<String> warnings) {
        for (var part : template.parts()) {
            if (part instanceof Template.Part.Text(var text, var line, var looksLikeVariable)
                    && looksLikeVariable) {
                warnings.add(
                        "%s in line %d is no variable and stays as it is; variables are {{name}} or {{name.part}}."
                                .formatted(Quoted.of(text), line));
            }
        }
    }

    private static void singleBraces(String text, List<String> warnings) {
        var found = SINGLE_BRACES.matcher(text);
        if (found.find()) {
            warnings.add(
                    "%s is text here; a variable is written {%s}."
                            .formatted(Quoted.of(found.group()), found.group()));
        }
    }

    /// The content line by line, as it is compared.
    List<String> lines() {
        var lines = new ArrayList<String>();
        if (!model.isEmpty()) {
            lines.add("model: " + model);
        }
        parameters
                .properties()
                .forEach(member ->
                        lines.add("%s: %s".formatted(member.getKey(), member.getValue())));
        for (var message : messages) {
            lines.add("[%s]".formatted(message.path("role").stringValue()));
            var content = message.path("content");
            if (content.isString()) {
                lines.addAll(content.stringValue().lines().toList());
            } else {
                content.forEach(part -> lines.add(part.toString()));
            }
        }
        return lines;
    }
}
