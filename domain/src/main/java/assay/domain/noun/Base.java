package assay.domain.noun;

import java.util.Locale;

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
}
