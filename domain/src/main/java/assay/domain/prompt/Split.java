package assay.domain.prompt;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// What an item is for: to make prompts with, to choose among them, or to measure the chosen one.
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /// As it is stored and sent.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Split::word).toList();
    }

    /// The split that a word names.
    ///
    /// @param path where the word stands, for the refusal
    /// @throws Refused if it is none
    public static Split of(String path, JsonNode word) {
        for (var split : values()) {
            if (split.word().equals(word.asString(""))) {
                return split;
            }
        }
        throw new Refused(
                        Reason.INVALID_VALUE,
                        "%s is no split of a dataset.".formatted(Quoted.of(word)),
                        "%sUse one of: %s."
                                .formatted(
                                        Nearest.hint(word.asString(""), words()),
                                        String.join(", ", words())))
                .field(path);
    }
}
