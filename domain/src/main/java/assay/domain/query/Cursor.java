package assay.domain.query;

import assay.domain.JsonTree;
import assay.domain.Reason;
import assay.domain.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Where a page ended: the sort values and the id of its last object. Opaque to callers, and bound
/// to the question it came from.
///
/// @param question checksum of type, filter, sort and asOf
/// @param values the last object's sort values, its id behind them; a single number for pages by
///   rank: the next offset
public record Cursor(long question, ArrayNode values) {
    /// Checksum of what a cursor is bound to.
    public static long question(JsonNode... parts) {
        var checksum = new CRC32();
        for (var part : parts) {
            checksum.update((JsonTree.text(part) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return checksum.getValue();
    }

    /// The text that callers hand back.
    public String text() {
        var json = JsonNodeFactory.instance.arrayNode().add(question).add(values);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(JsonTree.text(json).getBytes(StandardCharsets.UTF_8));
    }

    /// Reads a cursor back.
    ///
    /// @throws Refused if it is not one of ours or belongs to another question
    public static Cursor read(String text, long question) {
        return decode(text)
                .filter(cursor -> cursor.question == question)
                .orElseThrow(() ->
                        new Refused(
                                        Reason.INVALID_VALUE,
                                        "The cursor does not belong to this search.",
                                        "Send the cursor of the previous page with the same type, filter and"
                                                + " sort, or leave it out to begin again.")
                                .field("cursor"));
    }

    private static Optional<Cursor> decode(String text) {
        try {
            var json = JsonTree.read(Base64.getUrlDecoder().decode(text));
            if (json.isArray() && json.size() == 2 && json.get(1) instanceof ArrayNode values) {
                return Optional.of(new Cursor(json.get(0).asLong(0), values));
            }
        } catch (IllegalArgumentException | JacksonException notOurs) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
