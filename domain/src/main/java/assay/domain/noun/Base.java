package assay.domain.noun;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;

/// The base types a field may have.
public enum Base {
    STRING(Kind.TEXT),
    TEXT(Kind.TEXT),
    MARKDOWN(Kind.TEXT),
    /// The text of a program, which searches for words do not look at.
    CODE(Kind.TEXT),
    NUMBER(Kind.NUMBER),
    FLOAT(Kind.NUMBER),
    INT(Kind.NUMBER),
    DECIMAL(Kind.DECIMAL),
    BOOLEAN(Kind.BOOLEAN),
    DATE(Kind.DATE),
    DATETIME(Kind.TIME),
    TIMESTAMP(Kind.TIME),
    JSON(Kind.JSON),
    URL(Kind.TEXT),
    EMAIL(Kind.TEXT),
    ID(Kind.TEXT),
    UUID(Kind.TEXT),
    ULID(Kind.TEXT);

    private static final SequencedMap<String, Base> BY_WORD = new LinkedHashMap<>();

    static {
        for (var base : values()) {
            BY_WORD.put(base.word(), base);
        }
    }

    private final Kind kind;

    Base(Kind kind) {
        this.kind = kind;
    }

    /// How values of this type are stored and compared.
    public Kind kind() {
        return kind;
    }

    /// The name in a definition, such as `datetime`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The type that a definition means by a word, whatever its case.
    public static Optional<Base> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word.toLowerCase(Locale.ROOT)));
    }

    /// The names of all types, in the order in which they are declared here.
    public static List<String> words() {
        return List.copyOf(BY_WORD.keySet());
    }
}
