package assay.tools;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The three members by which search and fetch contracts of other clients know an object: `id`,
/// `title` and `url`.
final class Hits {
    private static final List<String> TITLES = List.of("name", "subject", "key", "slug");

    private Hits() {}

    /// The entity with `id`, `title` and `url` in front. A field of the noun with the same name
    /// keeps its own value.
    static ObjectNode of(ObjectNode entity) {
        var id = entity.path("$id").asString("");
        var hit = JsonNodeFactory.instance.objectNode();
        hit.put("id", id)
                .put("title", title(entity, id))
                .put("url", entity.path("$context").asString("assay://default") + "/" + id);
        entity.properties()
                .forEach(member -> {
                    if (!hit.has(member.getKey()) || !member.getValue().asString("").isEmpty()) {
                        hit.set(member.getKey(), member.getValue());
                    }
                });
        return hit;
    }

    private static String title(ObjectNode entity, String id) {
        return TITLES.stream()
                .map(name -> entity.path(name).asString(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(id);
    }
}
