package assay.domain.noun;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The base types a field may have.
public enum Base {
    STRING(Kind.TEXT),
    TEXT(Kind.TEXT),
    MARKDOWN(Kind.TEXT),
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

    private static final List<Base> ALL = List.of(values());

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
        return ALL.stream().filter(base -> base.name().equalsIgnoreCase(word)).findFirst();
    }

    /// The names of all types, in the order in which they are declared here.
    public static List<String> words() {
        return ALL.stream().map(Base::word).toList();
    }
}
