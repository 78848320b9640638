package assay.tools;

import assay.domain.JsonTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a value short enough for a reply. What is left is valid JSON, and it says what is missing
/// and how to get it.
final class Cut {
    /// Characters of a reply. It carries the value twice: as JSON, and as text inside JSON.
    private static final int LONGEST_REPLY = 398_000;

    private static final int NOTE = 160;

    private final List<ObjectNode> notes = new ArrayList<>();

    private Cut() {}

    /// The value itself if it fits, else a shortened copy with the member `truncated`.
    static ObjectNode toFit(ObjectNode value) {
        var cost = cost(value);
        if (cost <= LONGEST_REPLY) {
            return value;
        }
        // The text form costs more per character than the plain one, by a factor that depends on
        // the content.
        var budget = (int) (LONGEST_REPLY * (double) JsonTree.text(value).length() / cost) - 20_000;
        var cut = new Cut();
        var shortened = (ObjectNode) cut.shorten("", value, Math.max(budget, 1_000));
        var truncated = shortened.putObject("truncated");
        truncated.put("characters", JsonTree.text(value).length());
        var parts = truncated.putArray("parts");
        cut.notes.stream().limit(20).forEach(parts::add);
        truncated.put(
                "repair",
                "Ask for less: filter, name the fields you need, page with limit and cursor, or return only what you"
                        + " need from the script.");
        return shortened;
    }

    private static long cost(ObjectNode value) {
        var json = JsonTree.text(value);
        var escapes = json.chars().filter(c -> c == '"' || c == '\\').count();
        return 2L * json.length() + escapes;
    }

    private JsonNode shorten(String path, JsonNode value, int budget) {
        if (JsonTree.text(value).length() <= budget) {
            return value;
        }
        return switch (value) {
            case ObjectNode object -> shortenObject(path, object, budget);
            case ArrayNode array -> shortenArray(path, array, budget);
            default -> shortenText(path, value, budget);
        };
    }

    /// Small members stay whole; the large ones share what is left.
    private JsonNode shortenObject(String path, ObjectNode object, int budget) {
        var sizes = new HashMap<String, Integer>();
        object.properties()
                .forEach(member ->
                        sizes.put(
                                member.getKey(),
                                member.getKey().length()
                                        + 4
                                        + JsonTree.text(member.getValue()).length()));
        var bySize =
                object.propertyStream()
                        .sorted(
                                Comparator.comparing(
                                        member -> sizes.getOrDefault(member.getKey(), 0)))
                        .toList();
        var left = budget - 2;
        var kept = new HashMap<String, JsonNode>();
        for (var i = 0; i < bySize.size(); i++) {
            var member = bySize.get(i);
            var share = left / (bySize.size() - i) - member.getKey().length() - 4;
            if (share < 2) {
                note(path, i, bySize.size());
                break;
            }
            var part = shorten(path + "." + member.getKey(), member.getValue(), share);
            kept.put(member.getKey(), part);
            left -= JsonTree.text(part).length() + member.getKey().length() + 4;
        }
        var shortened = JsonNodeFactory.instance.objectNode();
        object.propertyNames().stream()
                .filter(kept::containsKey)
                .forEach(name -> shortened.set(name, kept.get(name)));
        return shortened;
    }

    private JsonNode shortenArray(String path, ArrayNode array, int budget) {
        var shortened = JsonNodeFactory.instance.arrayNode();
        var left = budget - NOTE;
        for (var element : array) {
            var size = JsonTree.text(element).length() + 1;
            if (size > left) {
                break;
            }
            shortened.add(element);
            left -= size;
        }
        if (shortened.isEmpty() && !array.isEmpty() && left > NOTE) {
            shortened.add(shorten(path + "[0]", array.get(0), left));
        }
        note(path, shortened.size(), array.size());
        return shortened;
    }

    private JsonNode shortenText(String path, JsonNode value, int budget) {
        var text = value.asString("");
        var keep = 0;
        for (var most = Math.min(text.length(), budget); keep < most; ) {
            var middle = (keep + most + 1) / 2;
            if (quoted(text, middle).length() <= budget) {
                keep = middle;
            } else {
                most = middle - 1;
            }
        }
        if (keep > 0 && Character.isHighSurrogate(text.charAt(keep - 1))) {
            keep--;
        }
        note(path, keep, text.length());
        return JsonNodeFactory.instance.stringNode(text.substring(0, keep));
    }

    private static String quoted(String text, int length) {
        return JsonTree.text(JsonNodeFactory.instance.stringNode(text.substring(0, length)));
    }

    private void note(String path, int kept, int of) {
        notes.add(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("path", path.startsWith(".") ? path.substring(1) : path)
                        .put("kept", kept)
                        .put("of", of));
    }
}
