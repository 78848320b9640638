package assay.domain.store;

import tools.jackson.databind.node.ObjectNode;

/// An object as the store keeps it.
///
/// @param createdAt milliseconds since 1970
/// @param updatedAt milliseconds since 1970
/// @param document its declared fields; the store's own copy is never handed out, so this one may
///   be changed
public record StoredObject(
        String id,
        String type,
        int version,
        long createdAt,
        String createdBy,
        long updatedAt,
        ObjectNode document) {
    /// The next version of this object.
    public StoredObject next(ObjectNode changed, long now) {
        return new StoredObject(id, type, version + 1, createdAt, createdBy, now, changed);
    }
}
