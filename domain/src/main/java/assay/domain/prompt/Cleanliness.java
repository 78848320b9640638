package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.Items.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Items of a dataset that say the same: within a split they count one question twice, across
/// splits they let a prompt be tested on what it was made with.
///
/// @param threshold similarity from which on two inputs count as the same
/// @param limit pairs that are shown of each kind
record Cleanliness(double threshold, int limit) {
    /// Items that are looked at.
    static final int MOST_CHECKED = 20_000;

    private static final double SIMILAR = 0.8;
    private static final double LEAST = 0.5;
    private static final int SHOWN = 20;
    private static final int MOST_SHOWN = 200;
    private static final Set<String> OPTIONS = Set.of("threshold", "limit");

    /// Reads what the caller wants.
    ///
    /// @param options `{threshold = 0.8, limit = 20}`
    /// @throws Refused if they cannot be
    static Cleanliness of(JsonNode options) {
        for (var option : options.propertyNames()) {
            if (!OPTIONS.contains(option)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "check has no option %s.".formatted(Quoted.of(option)),
                                "Send {threshold, limit}.")
                        .field(option);
            }
        }
        var threshold = options.path("threshold").asDouble(SIMILAR);
        if (!(threshold >= LEAST && threshold <= 1)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no similarity from which on two items count as the same."
                                    .formatted(Quoted.of(options.path("threshold"))),
                            "Send threshold as a number from %s to 1.".formatted(LEAST))
                    .field("threshold");
        }
        return new Cleanliness(
                threshold, Math.clamp(options.path("limit").asInt(SHOWN), 1, MOST_SHOWN));
    }

    private record Pair(Item a, Item b, double similarity) {
        boolean isAcross() {
            return !a.split().equals(b.split());
        }

        boolean touches(Split split) {
            return a.split().equals(split.word()) || b.split().equals(split.word());
        }
    }

    /// Looks through items.
    ///
    /// @param items in the order in which they were added
    /// @param total how many the dataset has
    /// @return `{checked, complete, duplicates: [{items, splits, similarity}], contamination:
    ///   [...], totals: {duplicates, contamination}}`, those that touch the test split first
    ObjectNode of(List<Item> items, long total) {
        var byText = new LinkedHashMap<String, List<Item>>();
        for (var item : items) {
            byText.computeIfAbsent(NormalText.of(item.input()), _ -> new ArrayList<>()).add(item);
        }
        var pairs = new ArrayList<Pair>();
        byText.values().forEach(same -> same(same, pairs));
        var texts = List.copyOf(byText.keySet());
        var groups = List.copyOf(byText.values());
        var near = NearDuplicates.among(texts, threshold);
        for (var found : near.pairs()) {
            pairs.add(across(groups.get(found.a()), groups.get(found.b()), found.similarity()));
        }
        var json =
                Json.object()
                        .put("checked", items.size())
                        .put("complete", near.isComplete() && items.size() == total);
        var duplicates = pairs.stream().filter(pair -> !pair.isAcross()).toList();
        var contamination =
                pairs.stream()
                        .filter(Pair::isAcross)
                        .sorted(Comparator.comparing((Pair pair) -> !pair.touches(Split.TEST)))
                        .toList();
        json.set("duplicates", shown(duplicates));
        json.set("contamination", shown(contamination));
        json.putObject("totals")
                .put("duplicates", duplicates.size())
                .put("contamination", contamination.size());
        return json;
    }

    /// Each of several equal ones with the first of its own split, and the first of each split with
    /// the first of all.
    private static void same(List<Item> same, List<Pair> pairs) {
        var firsts = new LinkedHashMap<String, Item>();
        for (var item : same) {
            var first = firsts.putIfAbsent(item.split(), item);
            if (first != null) {
                pairs.add(new Pair(first, item, 1));
            } else if (firsts.size() > 1) {
                pairs.add(new Pair(same.getFirst(), item, 1));
            }
        }
    }

    /// One of either group, of different splits if there are such.
    private static Pair across(List<Item> group, List<Item> other, double similarity) {
        for (var a : group) {
            for (var b : other) {
                if (!a.split().equals(b.split())) {
                    return new Pair(a, b, similarity);
                }
            }
        }
        return new Pair(group.getFirst(), other.getFirst(), similarity);
    }

    private ArrayNode shown(List<Pair> pairs) {
        var list = Json.array();
        pairs.stream()
                .limit(limit)
                .forEach(pair -> {
                    var json = list.addObject();
                    json.putArray("items").add(pair.a().id()).add(pair.b().id());
                    json.putArray("splits").add(pair.a().split()).add(pair.b().split());
                    json.put("similarity", Math.round(pair.similarity() * 1_000) / 1_000.0);
                });
        return list;
    }
}
