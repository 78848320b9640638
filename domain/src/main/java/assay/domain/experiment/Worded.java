package assay.domain.experiment;

import java.util.Locale;

/// A constant that callers spell as a word: its name in camel case, `nonInferior` for
/// `NON_INFERIOR`, unless it says otherwise.
interface Worded {
    String name();

    default String word() {
        var word = new StringBuilder();
        for (var part : name().split("_", -1)) {
            var lower = part.toLowerCase(Locale.ROOT);
            word.append(
                    word.isEmpty()
                            ? lower
                            : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
        }
        return word.toString();
    }
}
