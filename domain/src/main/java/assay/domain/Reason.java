package assay.domain;

import java.util.Locale;

/// Why a call was refused: the closed list that programs switch on. On the wire a reason is its
/// name in lower case.
public enum Reason {
    INVALID_REQUEST,
    UNKNOWN_TYPE,
    UNKNOWN_FIELD,
    UNKNOWN_OPERATOR,
    UNKNOWN_ID,
    UNKNOWN_VERB,
    MISSING_FIELD,
    INVALID_VALUE,
    NOT_UNIQUE,
    STALE_VERSION,
    ILLEGAL_TRANSITION,
    REFUSED_BY_HOOK,
    COMPUTED_FIELD,
    READ_ONLY,
    SYNTAX_ERROR,
    SCRIPT_ERROR,
    LIMIT_EXCEEDED,
    CANCELLED,
    TOO_LARGE,
    BUDGET_EXHAUSTED,
    LEASE_EXPIRED,
    UNAUTHORIZED,
    FORBIDDEN,
    RATE_LIMITED,
    STORE_UNAVAILABLE,
    INTERNAL;

    /// The spelling used in replies, such as `unknown_field`.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
