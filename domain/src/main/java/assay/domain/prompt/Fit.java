package assay.domain.prompt;

import assay.domain.noun.Json;
import assay.domain.store.Items.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether a prompt can be rendered with the items of a dataset, which is better known before a run
/// than in the middle of it.
final class Fit {
    private static final int SHOWN = 5;

    /// Characters of a token, as a rule of thumb.
    private static final int PER_TOKEN = 4;

    private final PromptContent content;
    private final Map<String, List<String>> missing = new LinkedHashMap<>();
    private final Map<String, List<String>> unused = new LinkedHashMap<>();
    private int items;
    private long characters;
    private int longest;
    private String longestItem = "";

    Fit(PromptContent content) {
        this.content = content;
    }

    void add(Item item) {
        items++;
        var input = new Input(item.input());
        content.missing(input)
                .forEach(name ->
                        missing.computeIfAbsent(name, _ -> new ArrayList<>()).add(item.id()));
        input.unused(content.variables())
                .forEach(name ->
                        unused.computeIfAbsent(name, _ -> new ArrayList<>()).add(item.id()));
        var length = content.length(input);
        characters += length;
        if (length > longest) {
            longest = length;
            longestItem = item.id();
        }
    }

    /// `{items, fits, missing: [{variable, items, examples}], unused: [{member, items, examples}],
    /// characters, tokens, longest?: {item, characters}}`; characters and tokens are those of one
    /// pass over all items, the tokens a rough guess.
    ObjectNode json() {
        var json = Json.object().put("items", items).put("fits", missing.isEmpty());
        json.set("missing", list("variable", missing));
        json.set("unused", list("member", unused));
        json.put("characters", characters).put("tokens", characters / PER_TOKEN);
        if (items > 0) {
            json.putObject("longest").put("item", longestItem).put("characters", longest);
        }
        return json;
    }

    private static ArrayNode list(String what, Map<String, List<String>> byName) {
        var list = Json.array();
        byName.forEach((name, ids) -> {
            var entry = list.addObject().put(what, name).put("items", ids.size());
            ids.stream().limit(SHOWN).forEach(entry.putArray("examples")::add);
        });
        return list;
    }
}
