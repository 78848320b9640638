package assay.tools;

import assay.domain.JsonTree;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The agent's own script with the one word put right that it failed for. Only where there is
/// exactly one place that can be meant: a fix that is wrong is worse than none.
final class Fixes {
    /// Longer scripts would cost their agent more to read than to correct.
    private static final int LONGEST = 4_000;

    private static final String SEND = "Send fix in place of the script.";
    private static final Pattern CALL =
            Pattern.compile("(?<!await )(?<![\\w$.])\\$\\.\\w+(?:\\.\\w+)?\\(");
    private static final Pattern METHOD =
            Pattern.compile(
                    "TypeError: ([A-Za-z_]\\w*(?:\\.\\w+|\\[\\w+])*)\\.(\\w+) is not a function");
    private static final Pattern ASYNC =
            Pattern.compile("\\basync\\s*(?:function\\b|(?:\\([^()]*\\)|[\\w$]+)\\s*=>)");
    private static final Pattern FUNCTION =
            Pattern.compile(
                    "=>|\\bfunction\\b|\\bclass\\b|[{,]\\s*(?:[gs]et\\s+)?(?!(?:if|for|while|switch|catch)\\b)[\\w$]+\\s*\\([^()]*\\)\\s*\\{");
    private static final Pattern PASSES_FUNCTION =
            Pattern.compile(
                    "\\(\\s*(?:['\"]\\w+['\"]\\s*,\\s*)?(?:async\\b|function\\b|(?:\\([^()]*\\)|[\\w$]+)\\s*=>)");

    private final String script;
    private final Nouns nouns;

    private Fixes(String script, Nouns nouns) {
        this.script = script;
        this.nouns = nouns;
    }

    /// The arguments of the same tool, to be sent in place of those that were refused.
    static String arguments(ObjectNode corrected) {
        return JsonTree.text(corrected);
    }

    /// Adds the corrected script to the error that it ended with, if there is one.
    static ObjectNode add(ObjectNode error, String script, Nouns nouns) {
        if (script.length() > LONGEST || error.has("fix")) {
            return error;
        }
        new Fixes(script, nouns)
                .of(error)
                .ifPresent(fix ->
                        error.put("repair", error.path("repair").asString("") + " " + SEND)
                                .put("fix", fix));
        return error;
    }

    /// Takes the fix out of an error again, with the sentence that speaks of it.
    static void remove(ObjectNode error) {
        error.remove("fix");
        var repair = error.path("repair").asString("");
        if (repair.endsWith(" " + SEND)) {
            error.put("repair", repair.substring(0, repair.length() - SEND.length() - 1));
        }
    }

    private Optional<String> of(ObjectNode error) {
        return switch (error.path("reason").asString("")) {
            case "unknown_type", "unknown_verb" -> word(error);
            case "unknown_field" -> field(error);
            case "invalid_value" -> value(error);
            case "unknown_id" -> id(error);
            case "script_error" -> thrown(error.path("message").asString(""));
            default -> Optional.empty();
        };
    }

    private Optional<String> word(ObjectNode error) {
        var given = error.path("given").asString("");
        var meant = error.path("suggestion").asString("");
        if (given.isEmpty() || meant.isEmpty()) {
            return Optional.empty();
        }
        var member = "(?<=\\.)" + Pattern.quote(given) + "\\b";
        if (place(member).filter(place -> passesFunction(place.end())).isPresent()
                && !takesFunction(meant)) {
            return Optional.empty();
        }
        return replaced(member, meant).or(() -> literal(given, meant));
    }

    private boolean passesFunction(int from) {
        return PASSES_FUNCTION.matcher(script).region(from, script.length()).lookingAt();
    }

    /// Only what registers a hook takes one.
    private boolean takesFunction(String member) {
        return member.equals("before")
                || member.equals("after")
                || nouns.all().stream()
                        .anyMatch(noun ->
                                noun.before(member).isPresent() || noun.after(member).isPresent());
    }

    private Optional<String> field(ObjectNode error) {
        var field = error.path("field").asString("");
        var meant = error.path("suggestion").asString("");
        return field.isEmpty() || meant.isEmpty()
                ? Optional.empty()
                : replaced("(?<![\\w$.])" + Pattern.quote(field) + "(?=['\"]?\\s*:)", meant);
    }

    /// The value that stands behind the name of its field.
    private Optional<String> value(ObjectNode error) {
        var field = error.path("field").asString("");
        var meant = error.path("suggestion");
        if (field.isEmpty() || meant.isMissingNode()) {
            return Optional.empty();
        }
        var text = JsonTree.text(meant);
        return replaced(
                "(?<=(?<![\\w$.])%s['\"]?:\\s{0,9})(?:'[^'\\\\\\n]*'|\"[^\"\\\\\\n]*\"|-?[\\d.]+|true|false)"
                        .formatted(Pattern.quote(field)),
                meant.isString() && text.indexOf('\'') < 0 && text.indexOf('\\') < 0
                        ? "'" + meant.stringValue() + "'"
                        : text);
    }

    private Optional<String> id(ObjectNode error) {
        var meant = error.path("suggestion").asString("");
        return meant.isEmpty() ? Optional.empty() : literal(error.path("id").asString(""), meant);
    }

    private Optional<String> thrown(String message) {
        if (message.endsWith("an await is missing.")) {
            return awaited();
        }
        var method = METHOD.matcher(message);
        if (method.matches()) {
            return called(method.group(1), method.group(2));
        }
        var name = Hints.NAME.matcher(message);
        return name.matches() && nouns.all().stream().anyMatch(n -> n.name().equals(name.group(1)))
                ? replaced("(?<![\\w$.'\"])" + name.group(1) + "(?=\\.)", "$." + name.group(1))
                : Optional.empty();
    }

    /// A method of an object, as the function of its type.
    private Optional<String> called(String object, String method) {
        var owners = owners(method);
        if (owners.size() != 1 || !awaitsAnywhere()) {
            return Optional.empty();
        }
        return place("(?:await\\s+)?(?<![\\w$.])" + Pattern.quote(object + "." + method + "("))
                .map(call -> {
                    var isBare = script.substring(call.end()).stripLeading().startsWith(")");
                    return script.substring(0, call.start())
                            + "await $.%s.%s(%s.$id%s"
                                    .formatted(
                                            owners.getFirst().name(),
                                            method,
                                            object,
                                            isBare ? "" : ", ")
                            + script.substring(call.end());
                });
    }

    /// The types that have a function; of several, those that the script speaks of.
    private List<Noun> owners(String function) {
        var all =
                nouns.all().stream()
                        .filter(noun -> Functions.members(noun).contains(function))
                        .toList();
        return all.size() == 1
                ? all
                : all.stream().filter(noun -> script.contains("$." + noun.name() + ".")).toList();
    }

    /// Whether each function of the script is async: await is a syntax error in others.
    private boolean awaitsAnywhere() {
        return !FUNCTION.matcher(ASYNC.matcher(script).replaceAll("")).find();
    }

    /// The one call of `$`, awaited.
    private Optional<String> awaited() {
        if (!awaitsAnywhere()) {
            return Optional.empty();
        }
        return place(CALL.pattern())
                .flatMap(call -> {
                    var end = closing(call.end());
                    if (end < 0) {
                        return Optional.empty();
                    }
                    var rest = script.substring(end);
                    var before = script.substring(0, call.start());
                    var middle = "await " + script.substring(call.start(), end);
                    var isRead =
                            rest.startsWith(".") || rest.startsWith("[") || rest.startsWith("?");
                    return Optional.of(before + (isRead ? "(" + middle + ")" : middle) + rest);
                });
    }

    /// Where the bracket that was opened before an index is closed; -1 when that is not clear.
    private int closing(int from) {
        var depth = 1;
        for (var i = from; i < script.length(); i++) {
            var c = script.charAt(i);
            if (c == '`' || c == '/' || c == '\\') {
                return -1;
            }
            if (c == '\'' || c == '"') {
                i = script.indexOf(c, i + 1);
                if (i < 0) {
                    return -1;
                }
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private Optional<String> literal(String given, String meant) {
        return meant.indexOf('\'') >= 0 || meant.indexOf('\\') >= 0
                ? Optional.empty()
                : replaced("(?<=(['\"]))" + Pattern.quote(given) + "(?=\\1)", meant);
    }

    private Optional<String> replaced(String pattern, String by) {
        return place(pattern)
                .map(place ->
                        script.substring(0, place.start()) + by + script.substring(place.end()));
    }

    /// The one place that matches, unless there are several.
    private Optional<MatchResult> place(String pattern) {
        Matcher places = Pattern.compile(pattern).matcher(script);
        if (!places.find()) {
            return Optional.empty();
        }
        var first = places.toMatchResult();
        return places.find() ? Optional.empty() : Optional.of(first);
    }
}
