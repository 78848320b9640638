package assay.domain.noun;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// The names that a verb's hooks and events have, by the rules of English spelling.
public final class Conjugation {
    private static final Map<String, String> GERUNDS =
            Map.of("rollout", "rollingOut", "cancel", "cancelling", "be", "being");

    private static final Map<String, String> PARTICIPLES =
            Map.ofEntries(
                    Map.entry("write", "written"),
                    Map.entry("read", "read"),
                    Map.entry("run", "run"),
                    Map.entry("begin", "begun"),
                    Map.entry("do", "done"),
                    Map.entry("go", "gone"),
                    Map.entry("have", "had"),
                    Map.entry("be", "been"),
                    Map.entry("set", "set"),
                    Map.entry("put", "put"),
                    Map.entry("cut", "cut"),
                    Map.entry("hit", "hit"),
                    Map.entry("get", "got"),
                    Map.entry("lose", "lost"),
                    Map.entry("win", "won"),
                    Map.entry("pay", "paid"),
                    Map.entry("send", "sent"),
                    Map.entry("see", "seen"),
                    Map.entry("freeze", "frozen"),
                    Map.entry("reset", "reset"),
                    Map.entry("rollout", "rolledOut"),
                    Map.entry("cancel", "cancelled"));

    /// Verbs of more than one syllable that are stressed on the last.
    private static final Set<String> DOUBLING =
            Set.of(
                    "submit",
                    "commit",
                    "permit",
                    "admit",
                    "emit",
                    "transmit",
                    "refer",
                    "prefer",
                    "defer",
                    "occur",
                    "recur",
                    "begin",
                    "equip",
                    "format",
                    "program",
                    "reset",
                    "snapshot");

    /// Other spellings in use for the names of hooks.
    private static final Map<String, String> ALIASES =
            Map.of(
                    "snapshoting", "snapshotting",
                    "snapshoted", "snapshotted",
                    "canceling", "cancelling",
                    "canceled", "cancelled",
                    "sended", "sent",
                    "resetted", "reset");

    private Conjugation() {}

    /// A verb and the names of its hooks.
    ///
    /// @param name as it is called, such as `start`
    /// @param past the declared word, such as `Started`
    public static Verb verb(String name, String past) {
        return new Verb(name, activity(name), Linguistics.lowerFirst(past), past);
    }

    /// The form in -ing: `start` is `starting`. Of a name of several words the first one is the
    /// verb: `markDone` is `markingDone`.
    public static String activity(String verb) {
        var word = firstWord(verb);
        var irregular = GERUNDS.get(word);
        return (irregular == null ? gerund(word) : irregular) + verb.substring(word.length());
    }

    /// The past participle: `start` is `started`. For verbs that are declared without one.
    public static String participle(String verb) {
        var word = firstWord(verb);
        var irregular = PARTICIPLES.get(word);
        return (irregular == null ? past(word) : irregular) + verb.substring(word.length());
    }

    /// The spelling that Assay uses for a hook's name: `canceled` is `cancelled`.
    public static String canonical(String hook) {
        return ALIASES.getOrDefault(hook, hook);
    }

    /// Other spellings of a hook's name that are understood: `canceled` for `cancelled`.
    public static List<String> aliases(String hook) {
        return ALIASES.entrySet().stream()
                .filter(alias -> alias.getValue().equals(hook))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    static boolean endsInConsonantAndY(String word) {
        return word.length() > 1 && word.endsWith("y") && !isVowel(word.charAt(word.length() - 2));
    }

    private static String gerund(String word) {
        if (word.endsWith("ie")) {
            return word.substring(0, word.length() - 2) + "ying";
        }
        if (word.endsWith("e")
                && !(word.endsWith("ee") || word.endsWith("oe") || word.endsWith("ye"))) {
            return word.substring(0, word.length() - 1) + "ing";
        }
        return doubled(word) + "ing";
    }

    private static String past(String word) {
        if (word.endsWith("e")) {
            return word + "d";
        }
        if (endsInConsonantAndY(word)) {
            return word.substring(0, word.length() - 1) + "ied";
        }
        return doubled(word) + "ed";
    }

    private static String doubled(String word) {
        var doubles = DOUBLING.contains(word) || isOneSyllableEndingInConsonantVowelConsonant(word);
        return doubles ? word + word.charAt(word.length() - 1) : word;
    }

    private static boolean isOneSyllableEndingInConsonantVowelConsonant(String word) {
        var n = word.length();
        if (n < 3
                || isVowel(word.charAt(n - 1))
                || "wxy".indexOf(word.charAt(n - 1)) >= 0
                || !isVowel(word.charAt(n - 2))) {
            return false;
        }
        for (var i = 0; i < n - 2; i++) {
            var isQu = word.charAt(i) == 'u' && i > 0 && word.charAt(i - 1) == 'q';
            if (isVowel(word.charAt(i)) && !isQu) {
                return false;
            }
        }
        return true;
    }

    private static String firstWord(String name) {
        var end = 0;
        while (end < name.length() && !Character.isUpperCase(name.charAt(end))) {
            end++;
        }
        return name.substring(0, end);
    }

    private static boolean isVowel(char c) {
        return "aeiou".indexOf(c) >= 0;
    }
}
