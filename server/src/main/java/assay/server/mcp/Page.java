package assay.server.mcp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One page of a list, and the cursor of the next.
final class Page {
    private Page() {}

    /// @param cursor where to go on, as an earlier page gave it; null for the first page
    /// @throws Refusal if no page of this list ever gave that cursor
    static ObjectNode of(String name, List<ObjectNode> all, int size, @Nullable JsonNode cursor) {
        var start = cursor == null ? 0 : start(cursor, all.size(), size);
        var end = Math.min(start + size, all.size());
        var result = Json.object();
        result.putArray(name).addAll(all.subList(start, end));
        return end < all.size() ? result.put("nextCursor", cursor(end)) : result;
    }

    private static String cursor(int start) {
        return "p" + Integer.toString(start, Character.MAX_RADIX);
    }

    private static int start(JsonNode cursor, int all, int size) {
        for (var start = size; start < all; start += size) {
            if (cursor.isString() && cursor.stringValue().equals(cursor(start))) {
                return start;
            }
        }
        throw Refusal.invalidParams(
                "'"
                        + cursor.asString()
                        + "' is not a cursor of this list. Send the nextCursor of its last page, or none.");
    }
}
