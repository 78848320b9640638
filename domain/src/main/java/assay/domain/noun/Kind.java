package assay.domain.noun;

/// How a value is stored and compared.
public enum Kind {
    /// A JSON string, compared by code points.
    TEXT,
    /// A JSON number.
    NUMBER,
    /// A JSON string holding an exact decimal, compared as a number.
    DECIMAL,
    BOOLEAN,
    /// A JSON string `YYYY-MM-DD`.
    DATE,
    /// A JSON string in UTC with milliseconds, always `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that text
    /// order is time order.
    TIME,
    JSON
}
