package assay.tools;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The members by which search and fetch contracts of other clients know an object: `id`, `title`,
/// `url` and, of a whole object, `text`.
final class Hits {
    private static final List<String> TITLES = List.of("name", "subject", "key", "slug");

    private Hits() {}

    /// The entity with `id`, `title` and `url` in front. A field of the noun with the same name
    /// keeps its own value.
    ///
    /// @param context the tenant's address, which the url begins with
    static ObjectNode of(ObjectNode entity, String context) {
        var id = entity.path("$id").asString("");
        var hit =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("id", id)
                        .put("title", title(entity, id))
                        .put("url", context + "/" + id);
        entity.properties()
                .forEach(member -> {
                    if (!hit.has(member.getKey()) || !isEmpty(member.getValue())) {
                        hit.set(member.getKey(), member.getValue());
                    }
                });
        return hit;
    }

    /// The same with `text`: the object in a few words.
    static ObjectNode whole(ObjectNode entity, String context) {
        var hit = of(entity, context);
        return isEmpty(hit.path("text")) ? hit.put("text", Brief.of(entity)) : hit;
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.asString("-").isEmpty();
    }

    private static String title(ObjectNode entity, String id) {
        return TITLES.stream()
                .map(name -> entity.path(name).asString(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(id);
    }
}
