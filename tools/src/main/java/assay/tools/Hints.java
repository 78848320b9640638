package assay.tools;

import assay.domain.Quoted;
import assay.domain.noun.Nouns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What to do about an error that JavaScript itself threw, where the usual cause is known.
final class Hints {
    private static final Pattern METHOD =
            Pattern.compile("TypeError: (.*)\\.(\\w+) is not a function");
    private static final Pattern READ =
            Pattern.compile("TypeError: Cannot read property '(.*)' of (undefined|null)");
    static final Pattern NAME = Pattern.compile("ReferenceError: (\\w+) is not defined");
    private static final Pattern CONSTANT =
            Pattern.compile("TypeError: Assignment to constant \"(.*)\"");
    private static final Set<String> TIMERS = Set.of("setTimeout", "setInterval", "setImmediate");
    private static final Set<String> WORLD =
            Set.of(
                    "fetch",
                    "require",
                    "process",
                    "XMLHttpRequest",
                    "Deno",
                    "Bun",
                    "Buffer",
                    "window",
                    "document",
                    "fs",
                    "module",
                    "exports",
                    "Java",
                    "load",
                    "Worker",
                    "navigator");

    /// What other systems call the functions of a type.
    private static final Map<String, String> OTHER_WORDS =
            Map.ofEntries(
                    Map.entry("begin", "start"),
                    Map.entry("launch", "start"),
                    Map.entry("run", "start"),
                    Map.entry("end", "conclude"),
                    Map.entry("finish", "conclude"),
                    Map.entry("decide", "conclude"),
                    Map.entry("ship", "conclude"),
                    Map.entry("list", "find"),
                    Map.entry("all", "find"),
                    Map.entry("findMany", "find"),
                    Map.entry("query", "find"),
                    Map.entry("search", "find"),
                    Map.entry("filter", "find"),
                    Map.entry("findById", "get"),
                    Map.entry("read", "get"),
                    Map.entry("fetch", "get"),
                    Map.entry("remove", "delete"),
                    Map.entry("destroy", "delete"),
                    Map.entry("insert", "create"),
                    Map.entry("add", "create"),
                    Map.entry("edit", "update"),
                    Map.entry("set", "update"),
                    Map.entry("patch", "update"),
                    Map.entry("save", "update"),
                    Map.entry("track", "record"),
                    Map.entry("log", "record"),
                    Map.entry("result", "results"),
                    Map.entry("analyze", "results"),
                    Map.entry("stats", "results"),
                    Map.entry("expose", "assign"),
                    Map.entry("enroll", "assign"),
                    Map.entry("allocate", "assign"),
                    Map.entry("bucket", "assign"));

    /// What a hook on a function of the engine would be called, if there were any.
    private static final Set<String> HOOKS_OF_ENGINE =
            Set.of("assigning", "assigned", "recording", "recorded", "resulting", "resulted");

    private Hints() {}

    /// A repair for a call that means a hook on what is no verb.
    static Optional<String> ofEngine(String word) {
        return HOOKS_OF_ENGINE.contains(word)
                ? Optional.of(
                        "Register a hook for a verb, as in $.Experiment.starting(fn) or $.Experiment.concluded(fn): assign, record and results have no hooks.")
                : Optional.empty();
    }

    /// The function of a type that another system calls by this word.
    ///
    /// @param members what the type has
    static Optional<String> otherWord(String word, List<String> members) {
        return Optional.ofNullable(OTHER_WORDS.get(word)).filter(members::contains);
    }

    /// A repair for the message of an error, if its cause is known.
    static Optional<String> of(String message, Nouns nouns) {
        var method = METHOD.matcher(message);
        if (method.matches()) {
            return method(method.group(1), method.group(2), nouns);
        }
        var read = READ.matcher(message);
        if (read.matches()) {
            var member = name(read.group(1));
            return Optional.of(
                    "What .%s is read from is %s: %s. Check it before, or write ?.%s."
                            .formatted(member, read.group(2), cause(read.group(2)), member));
        }
        var constant = CONSTANT.matcher(message);
        if (constant.matches()) {
            return Optional.of("Declare %s with let.".formatted(name(constant.group(1))));
        }
        var name = NAME.matcher(message);
        return name.matches() ? Optional.of(undefined(name.group(1), nouns)) : Optional.empty();
    }

    private static String cause(String nothing) {
        return nothing.equals("null")
                ? "get and findOne give null when nothing matches"
                : "so is a field that an object does not have, and a place beyond the end of an array; find gives the array itself, with no .data or .results around it";
    }

    private static Optional<String> method(String object, String method, Nouns nouns) {
        if (object.startsWith("$")) {
            return Optional.empty();
        }
        var owners =
                nouns.all().stream()
                        .filter(noun -> Functions.members(noun).contains(method))
                        .map(noun -> "$." + noun.name() + "." + method)
                        .limit(5)
                        .collect(Collectors.joining(" or "));
        return owners.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Objects are plain data without methods: call %s with the $id of %s."
                                .formatted(
                                        owners,
                                        object.startsWith("(") ? "the object" : name(object)));
    }

    private static String undefined(String name, Nouns nouns) {
        if (TIMERS.contains(name)) {
            return "Leave %s out: there are no timers, a script runs at once.".formatted(name);
        }
        if (WORLD.contains(name)) {
            return "Leave %s out: there is no network, file or process here. Bring data in as params; $.fetch({id}) reads objects of Assay."
                    .formatted(name);
        }
        if (nouns.all().stream().anyMatch(noun -> noun.name().equals(name))) {
            return "Write $.%s: the types are members of $.".formatted(name);
        }
        if (Functions.DOLLAR.contains(name)) {
            return "Write $.%s.".formatted(name);
        }
        return "Declare %s with const or let before it is used; a script sees $, params, console and what JavaScript itself has."
                .formatted(name);
    }

    /// A name out of a message, which may be anything.
    private static String name(String text) {
        var quoted = Quoted.of(text);
        return text.matches("[\\w.$\\[\\]]{1,60}") ? text : quoted;
    }
}
