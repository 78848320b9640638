package assay.domain.prompt;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.Items.Item;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the items that a call brings: `[{id?, input, expected?, attributes?, split?}]`.
final class ItemSyntax {
    /// Items that one call may bring.
    static final int LARGEST_BATCH = 10_000;

    private static final List<String> KEYS =
            List.of("id", "input", "expected", "attributes", "split");
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_ITEM = 100_000;

    /// Hexadecimal digits of the hash that an item without id is called by.
    private static final int ID_DIGITS = 12;

    private ItemSyntax() {}

    /// The items, each id once.
    ///
    /// @param shares where items go that name no split
    /// @throws Refused if one cannot be, naming its place
    static List<Item> of(JsonNode items, Shares shares) {
        if (!items.isArray()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a list of items.".formatted(Quoted.of(items)),
                            "Send items as [{input: {question: '…'}, expected: '…'}].")
                    .field("items");
        }
        if (items.size() > LARGEST_BATCH) {
            throw new Refused(
                            Reason.LIMIT_EXCEEDED,
                            "The call brings %,d items; the most is %,d."
                                    .formatted(items.size(), LARGEST_BATCH),
                            "Create the dataset with some of them, and add the rest with $.Dataset.add(id, items).")
                    .field("items");
        }
        var byId = new LinkedHashMap<String, Item>();
        for (var i = 0; i < items.size(); i++) {
            var path = "items[%d]".formatted(i);
            var item = item(path, items.get(i), shares);
            var known = byId.putIfAbsent(item.id(), item);
            if (known != null && !known.hash().equals(item.hash())) {
                throw twice(path, item.id());
            }
        }
        return List.copyOf(byId.values());
    }

    static Refused twice(String path, String id) {
        return new Refused(
                        Reason.NOT_UNIQUE,
                        "There is another item with the id %s and another content."
                                .formatted(Quoted.of(id)),
                        "Give each item an id of its own, or leave the ids out.")
                .field(path + ".id");
    }

    private static Item item(String path, JsonNode json, Shares shares) {
        if (!(json instanceof ObjectNode item)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not an item.".formatted(Quoted.of(json)),
                            "Send an item as {input: {question: '…'}, expected: '…'}.")
                    .field(path);
        }
        for (var key : item.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "An item has no field %s.".formatted(Quoted.of(key)),
                                "%sSend {id, input, expected, attributes, split}; variables of the prompt belong into input, all else into attributes."
                                        .formatted(Nearest.hint(key, KEYS)))
                        .field(path + "." + key);
            }
        }
        if (!item.hasNonNull("input")) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "An item needs an input.",
                            "Send input as an object whose members are the variables of the prompt, or as a text, which is {{input}}.")
                    .field(path + ".input");
        }
        if (!(item.path("attributes").isMissingNode() || item.path("attributes").isObject())) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s cannot be the attributes of an item."
                                    .formatted(Quoted.of(item.path("attributes"))),
                            "Send attributes as an object, such as {language: 'de'}.")
                    .field(path + ".attributes");
        }
        return item(path, item, content(path, item), shares);
    }

    /// All of it but where it belongs.
    private static ObjectNode content(String path, ObjectNode item) {
        var content = item.deepCopy().retain("input", "expected", "attributes");
        var length = JsonTree.text(content).length();
        if (length > LONGEST_ITEM) {
            throw new Refused(
                            Reason.TOO_LARGE,
                            "The item has %,d characters; %,d is the most."
                                    .formatted(length, LONGEST_ITEM),
                            "Shorten it, or split it into several items.")
                    .field(path);
        }
        return content;
    }

    private static Item item(String path, ObjectNode item, ObjectNode content, Shares shares) {
        var hash = Canonical.hash(content);
        return new Item(
                0,
                id(path, item.path("id"), hash),
                item.hasNonNull("split")
                        ? Split.of(path + ".split", item.path("split")).word()
                        : shares.of(NormalText.of(item.path("input"))).word(),
                hash,
                item.path("input"),
                item.optional("expected").filter(value -> !value.isNull()),
                item.path("attributes") instanceof ObjectNode attributes
                        ? attributes
                        : Json.object());
    }

    private static String id(String path, JsonNode id, String hash) {
        if (id.isMissingNode() || id.isNull()) {
            return "item_" + hash.substring(0, ID_DIGITS);
        }
        var text =
                Optional.of(id)
                        .filter(value -> value.isString() || value.isNumber())
                        .map(JsonNode::asString);
        return text.filter(value -> !value.isBlank() && value.length() <= LONGEST_ID)
                .orElseThrow(() ->
                        new Refused(
                                        Reason.INVALID_VALUE,
                                        "%s cannot be the id of an item.".formatted(Quoted.of(id)),
                                        "Send a text of 1 to %d characters, or leave id out."
                                                .formatted(LONGEST_ID))
                                .field(path + ".id"));
    }
}
