package assay.domain.prompt;

import java.util.List;
import java.util.Locale;

/// The ways to judge, and the fields of the noun that each takes.
public enum JudgeKind {
    EXACT("expected", "normalize"),
    CONTAINS("expected", "all", "any", "normalize"),
    REGEX("pattern"),
    JSON_SCHEMA("schema"),
    NUMERIC("expected", "tolerance", "relativeTolerance"),
    SIMILARITY("expected", "method", "passAt", "normalize"),
    SCRIPT("source", "passAt"),
    MODEL("prompt", "template", "messages", "model", "parameters", "scale", "passAt"),
    PAIRWISE_MODEL("prompt", "template", "messages", "model", "parameters"),
    HUMAN("scale", "passAt");

    /// Fields that belong to some kind.
    static final List<String> ALL =
            List.of(
                    "expected",
                    "normalize",
                    "all",
                    "any",
                    "pattern",
                    "schema",
                    "tolerance",
                    "relativeTolerance",
                    "method",
                    "source",
                    "prompt",
                    "template",
                    "messages",
                    "model",
                    "parameters",
                    "scale",
                    "passAt");

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
    private final List<String> fields;

    JudgeKind(String... fields) {
        this.fields = List.of(fields);
    }

    List<String> fields() {
        return fields;
    }

    /// As it is stored and sent, such as `pairwise-model`.
    String word() {
        return this == PAIRWISE_MODEL ? "pairwise-model" : name().toLowerCase(Locale.ROOT);
    }

    /// The kind of a stored judge.
    public static JudgeKind of(String word) {
        for (var kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("There is no kind of judge " + word);
    }
}
