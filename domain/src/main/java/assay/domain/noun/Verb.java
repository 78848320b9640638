package assay.domain.noun;

/// Something that can be done to an object, and the names of its hooks.
///
/// @param name what is called, such as `start`
/// @param activity the BEFORE hook's name, such as `starting`
/// @param event the AFTER hook's name, such as `started`
/// @param past the event's word in the action log, such as `Started`
public record Verb(String name, String activity, String event, String past) {
    public static final Verb CREATE = Conjugation.verb("create", "Created");
    public static final Verb UPDATE = Conjugation.verb("update", "Updated");
    public static final Verb DELETE = Conjugation.verb("delete", "Deleted");
}
