package assay.domain;

/// Who is calling, for which tenant, and whether writes are allowed. Bound once by the transport.
///
/// @param tenant the tenant's name: 1 to 64 characters of `a-z A-Z 0-9 . _ -`, not beginning with a
///   dot
/// @param actor the name written into the action log
/// @param readOnly true when every write must be refused
public record Caller(String tenant, String actor, boolean readOnly) {
    /// The caller of the request that this thread serves.
    public static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

    /// @throws Refused if the tenant's name has characters outside the allowed ones
    public Caller {
        if (!isTenant(tenant)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "%s is not a tenant name.".formatted(Quoted.of(tenant)),
                    "Use 1 to 64 lower-case letters, digits, '-', '_' or '.', not beginning with a dot.");
        }
    }

    private static boolean isTenant(String name) {
        if (name.isEmpty() || name.length() > 64 || name.charAt(0) == '.') {
            return false;
        }
        return name.chars()
                .allMatch(c -> "abcdefghijklmnopqrstuvwxyz0123456789._-".indexOf(c) >= 0);
    }
}
