package assay.tools;

import assay.domain.JsonTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a value short enough for a reply. What is left is valid JSON, and it says what is missing
/// and how to get it.
///
/// A reply carries the value twice: as JSON, and as that JSON in a text. All costs here are
/// characters of both together.
final class Cut {
    /// What a value may cost, so that the whole reply stays under 400,000 characters.
    static final int LONGEST_REPLY = 398_000;

    /// What the member `truncated` costs at most.
    static final int ACCOUNT = 20_000;

    private static final int MOST_PARTS = 20;
    private static final int LONGEST_PATH = 60;

    /// A character that stands for itself in JSON and in a text.
    private static final int PLAIN = 2;

    /// A quote or backslash: the text has another backslash before it.
    private static final int ESCAPED = 3;

    private static final int EMPTY_CONTAINER = 2 * PLAIN;
    private static final int EMPTY_TEXT = 2 * ESCAPED;

    private final IdentityHashMap<JsonNode, Long> costs = new IdentityHashMap<>();
    private final List<ObjectNode> parts = new ArrayList<>();

    private Cut() {}

    /// The value itself if it fits, else a shortened copy with the member `truncated`.
    static ObjectNode toFit(ObjectNode value) {
        return toFit(value, LONGEST_REPLY);
    }

    /// The same for another budget.
    ///
    /// @param longest what the value may cost, well above [#ACCOUNT]
    static ObjectNode toFit(ObjectNode value, int longest) {
        var cut = new Cut();
        if (cut.cost(value) <= longest) {
            return value;
        }
        var shortened = cut.shortenObject("", value, longest - ACCOUNT);
        account(
                shortened,
                cut.parts,
                "Ask for less: filter, name the fields you need, page with limit and cursor, or return only what you"
                        + " need from the script.");
        return shortened;
    }

    /// Says in a value what was cut from it.
    static void account(ObjectNode value, List<ObjectNode> parts, String repair) {
        var truncated = value.putObject("truncated");
        parts.stream().limit(MOST_PARTS).forEach(truncated.putArray("parts")::add);
        truncated.put("repair", repair);
    }

    /// Where something was cut: how many members, elements or characters were kept, of how many.
    static ObjectNode part(String path, int kept, int of) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("path", path)
                .put("kept", kept)
                .put("of", of);
    }

    /// What a value costs in a reply.
    static long costOf(JsonNode value) {
        return new Cut().cost(value);
    }

    private long cost(JsonNode value) {
        if (!value.isContainer()) {
            return value.isString()
                    ? text(value.stringValue())
                    : (long) PLAIN * JsonTree.text(value).length();
        }
        var known = costs.get(value);
        if (known != null) {
            return known;
        }
        var cost = (long) EMPTY_CONTAINER;
        if (value instanceof ObjectNode object) {
            for (var member : object.properties()) {
                cost += overhead(member.getKey()) + cost(member.getValue());
            }
        } else {
            for (var element : value) {
                cost += PLAIN + cost(element);
            }
        }
        costs.put(value, cost);
        return cost;
    }

    /// A member's name, its colon and its comma.
    private static long overhead(String name) {
        return text(name) + 2 * PLAIN;
    }

    private static long text(String text) {
        var cost = (long) EMPTY_TEXT;
        for (var i = 0; i < text.length(); i++) {
            cost += character(text.charAt(i));
        }
        return cost;
    }

    private static int character(char c) {
        return switch (c) {
            case '"', '\\' -> 2 * ESCAPED;
            case '\b', '\t', '\n', '\f', '\r' -> ESCAPED + PLAIN;
            default -> c < ' ' ? ESCAPED + 5 * PLAIN : PLAIN;
        };
    }

    private JsonNode shorten(String path, JsonNode value, long budget) {
        if (cost(value) <= budget) {
            return value;
        }
        return switch (value) {
            case ObjectNode object -> shortenObject(path, object, budget);
            case ArrayNode array -> shortenArray(path, array, budget);
            default -> shortenText(path, value.stringValue(), budget);
        };
    }

    /// What is left of a value that is cut as far as possible.
    private long least(JsonNode value) {
        return value.isString() ? EMPTY_TEXT : value.isContainer() ? EMPTY_CONTAINER : cost(value);
    }

    /// Small members stay whole; the large ones share what is left.
    private ObjectNode shortenObject(String path, ObjectNode object, long budget) {
        var bySize =
                object.propertyStream()
                        .sorted(
                                Comparator.comparingLong(member ->
                                        overhead(member.getKey()) + cost(member.getValue())))
                        .toList();
        var left = budget - EMPTY_CONTAINER;
        var kept = new HashMap<String, JsonNode>();
        for (var member : bySize) {
            var share = left / (bySize.size() - kept.size()) - overhead(member.getKey());
            if (share < least(member.getValue())) {
                cut(path, kept.size(), bySize.size());
                break;
            }
            var part = shorten(path + "." + member.getKey(), member.getValue(), share);
            kept.put(member.getKey(), part);
            left -= overhead(member.getKey()) + cost(part);
        }
        var shortened = JsonNodeFactory.instance.objectNode();
        object.propertyNames().stream()
                .filter(kept::containsKey)
                .forEach(name -> shortened.set(name, kept.get(name)));
        return shortened;
    }

    /// The first elements stay whole; the very first is shortened when even that is too long.
    private ArrayNode shortenArray(String path, ArrayNode array, long budget) {
        var shortened = JsonNodeFactory.instance.arrayNode();
        var left = budget - EMPTY_CONTAINER;
        for (var element : array) {
            var cost = PLAIN + cost(element);
            if (cost > left) {
                break;
            }
            shortened.add(element);
            left -= cost;
        }
        if (shortened.isEmpty() && left - PLAIN >= least(array.get(0))) {
            shortened.add(shorten(path + "[0]", array.get(0), left - PLAIN));
        }
        cut(path, shortened.size(), array.size());
        return shortened;
    }

    private JsonNode shortenText(String path, String text, long budget) {
        var left = budget - EMPTY_TEXT;
        var keep = 0;
        while (keep < text.length() && character(text.charAt(keep)) <= left) {
            left -= character(text.charAt(keep));
            keep++;
        }
        if (keep > 0 && Character.isHighSurrogate(text.charAt(keep - 1))) {
            keep--;
        }
        cut(path, keep, text.length());
        return JsonNodeFactory.instance.stringNode(text.substring(0, keep));
    }

    private void cut(String path, int kept, int of) {
        if (kept < of) {
            var name = path.startsWith(".") ? path.substring(1) : path;
            parts.add(
                    part(
                            name.length() > LONGEST_PATH
                                    ? name.substring(0, LONGEST_PATH - 1) + "…"
                                    : name,
                            kept,
                            of));
        }
    }
}
