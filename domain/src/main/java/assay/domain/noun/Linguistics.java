package assay.domain.noun;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// English spelling of a noun's name: its words, its plural, and how addresses write it.
public final class Linguistics {
    private static final Map<String, String> IRREGULAR =
            Map.ofEntries(
                    Map.entry("person", "people"),
                    Map.entry("man", "men"),
                    Map.entry("woman", "women"),
                    Map.entry("child", "children"),
                    Map.entry("mouse", "mice"),
                    Map.entry("foot", "feet"),
                    Map.entry("tooth", "teeth"),
                    Map.entry("index", "indices"),
                    Map.entry("matrix", "matrices"),
                    Map.entry("vertex", "vertices"),
                    Map.entry("analysis", "analyses"),
                    Map.entry("basis", "bases"),
                    Map.entry("crisis", "crises"),
                    Map.entry("hypothesis", "hypotheses"),
                    Map.entry("thesis", "theses"),
                    Map.entry("criterion", "criteria"),
                    Map.entry("phenomenon", "phenomena"),
                    Map.entry("datum", "data"),
                    Map.entry("medium", "media"),
                    Map.entry("quiz", "quizzes"),
                    Map.entry("knife", "knives"),
                    Map.entry("life", "lives"),
                    Map.entry("wife", "wives"),
                    Map.entry("half", "halves"),
                    Map.entry("leaf", "leaves"),
                    Map.entry("shelf", "shelves"),
                    Map.entry("series", "series"),
                    Map.entry("news", "news"),
                    Map.entry("equipment", "equipment"),
                    Map.entry("information", "information"));

    private Linguistics() {}

    /// The name with its first letter lowered: `featureFlag`. Also the prefix of ids.
    public static String lowerFirst(String name) {
        return name.isEmpty()
                ? name
                : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    /// The name with its first letter raised: `FeatureFlag`.
    public static String upperFirst(String name) {
        return name.isEmpty()
                ? name
                : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /// The name in words: `FeatureFlag` is "feature flag", `ABTest` "ab test".
    public static String singular(String name) {
        return String.join(" ", words(name)).toLowerCase(Locale.ROOT);
    }

    /// The plural in the spelling of the name: `FeatureFlags`, `TeamPeople`.
    public static String plural(String name) {
        var words = words(name);
        var last = words.removeLast();
        return String.join("", words) + pluralWord(last);
    }

    /// The plural as addresses write it: `feature-flags`.
    public static String slug(String name) {
        var words = words(name);
        words.add(pluralWord(words.removeLast()));
        return String.join("-", words).toLowerCase(Locale.ROOT);
    }

    /// Splits at capitals and keeps runs of them together.
    private static List<String> words(String name) {
        var words = new ArrayList<String>();
        var begin = 0;
        for (var i = 1; i < name.length(); i++) {
            var starts =
                    Character.isUpperCase(name.charAt(i))
                            && (!Character.isUpperCase(name.charAt(i - 1))
                                    || (i + 1 < name.length()
                                            && Character.isLowerCase(name.charAt(i + 1))));
            if (starts) {
                words.add(name.substring(begin, i));
                begin = i;
            }
        }
        words.add(name.substring(begin));
        return words;
    }

    private static String pluralWord(String word) {
        var lower = word.toLowerCase(Locale.ROOT);
        var irregular = IRREGULAR.get(lower);
        if (irregular != null) {
            return Character.isUpperCase(word.charAt(0)) ? upperFirst(irregular) : irregular;
        }
        if (lower.endsWith("s")
                || lower.endsWith("x")
                || lower.endsWith("z")
                || lower.endsWith("ch")
                || lower.endsWith("sh")) {
            return word + "es";
        }
        if (Conjugation.endsInConsonantAndY(lower)) {
            return word.substring(0, word.length() - 1) + "ies";
        }
        return word + "s";
    }
}
