package assay.server.cli;

import assay.domain.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads a command line: the verb first, then its operands and options in any order.
public final class CommandLine {
    private final Verb verb;
    private final List<String> operands = new ArrayList<>();
    private final Map<Option, String> flags = new EnumMap<>(Option.class);

    private CommandLine(Verb verb) {
        this.verb = verb;
    }

    /// Reads all words after the program's name.
    ///
    /// @param environment the variables that stand in for flags that are not given
    /// @throws Usage if the words make no sense
    public static Request read(List<String> words, Map<String, String> environment) {
        if (words.isEmpty()) {
            throw new Usage("No verb is given.", "Run assay --help for all verbs.");
        }
        return switch (words.getFirst()) {
            case "--version", "-V" -> new Request.Version();
            case "--help", "-h", "help" -> new Request.Help(Optional.empty());
            default -> {
                if (words.getFirst().startsWith("-")) {
                    throw verbFirst(words);
                }
                yield new CommandLine(verb(words.getFirst())).read(words, 1, environment);
            }
        };
    }

    private Request read(List<String> words, int from, Map<String, String> environment) {
        for (int i = from; i < words.size(); i++) {
            var word = words.get(i);
            if (word.equals("--help") || word.equals("-h")) {
                return new Request.Help(Optional.of(verb));
            }
            if (word.equals("--")) {
                operands.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (!word.startsWith("-") || word.equals("-")) {
                operands.add(word);
            } else if (flag(word, i + 1 < words.size() ? words.get(i + 1) : null)) {
                i++;
            }
        }
        var settings = Settings.of(verb, flags, environment);
        // A saved script stands in for the one that would have to be named.
        checkOperands(settings.recipe().isPresent() ? List.of() : verb.operands());
        return new Request.Run(verb, operands, settings);
    }

    /// Takes one flag.
    ///
    /// @return true when the following word is its value
    private boolean flag(String word, @org.jspecify.annotations.Nullable String following) {
        int equals = word.indexOf('=');
        var option = option(equals < 0 ? word : word.substring(0, equals));
        if (equals >= 0) {
            flags.put(option, word.substring(equals + 1));
            return false;
        }
        if (option.isSwitch()) {
            flags.put(option, "true");
            return false;
        }
        if (following == null) {
            throw new Usage(
                    word + " has no value.", "Write " + word + " " + option.placeholder() + ".");
        }
        flags.put(option, following);
        return true;
    }

    private void checkOperands(List<String> wanted) {
        if (operands.size() < wanted.size()) {
            throw new Usage(
                    wanted.get(operands.size()) + " is missing.", "Write " + verb.synopsis() + ".");
        }
        if (operands.size() > wanted.size()) {
            throw new Usage(
                    "'" + operands.get(wanted.size()) + "' is one word too many.",
                    wanted.equals(verb.operands())
                            ? "Write " + verb.synopsis() + ", with JSON in single quotes."
                            : "Write either a script or --recipe.");
        }
    }

    private Option option(String flag) {
        for (var option : Option.values()) {
            if (verb.takes(option) && option.flag().equals(flag)) {
                return option;
            }
        }
        var flags = Stream.concat(verb.shared().stream(), verb.own().stream());
        throw new Usage(
                "assay " + verb.word() + " has no flag " + flag + ".",
                Nearest.hint(flag, flags.map(Option::flag).toList())
                        + "Run assay "
                        + verb.word()
                        + " --help for all of them.");
    }

    /// The same words with the verb that is among them in front: the launcher knows by the first
    /// word how to start Java.
    private static Usage verbFirst(List<String> words) {
        var verbs = Arrays.stream(Verb.values()).map(Verb::word).toList();
        var at = 0;
        while (at < words.size() && !verbs.contains(words.get(at))) {
            at += takesNext(words.get(at)) ? 2 : 1;
        }
        var others = new ArrayList<>(words);
        var verb = at < words.size() ? others.remove(at) : "VERB";
        others.addFirst(verb);
        return new Usage(
                "The verb comes first, before " + words.getFirst() + ".",
                "Write assay " + String.join(" ", others) + ", or run assay --help.");
    }

    private static boolean takesNext(String word) {
        return Arrays.stream(Option.values())
                .anyMatch(option -> option.flag().equals(word) && !option.isSwitch());
    }

    private static Verb verb(String word) {
        for (var verb : Verb.values()) {
            if (verb.word().equals(word)) {
                return verb;
            }
        }
        var shown = Arrays.stream(Verb.values()).filter(verb -> !verb.isHidden());
        throw new Usage(
                "There is no verb '" + word + "'.",
                Nearest.hint(word, shown.map(Verb::word).toList())
                        + "Run assay --help for all verbs.");
    }
}
