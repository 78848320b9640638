package assay.domain.prompt;

import assay.domain.Change;
import assay.domain.Fingerprint;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.noun.Noun;
import assay.domain.store.Items;
import assay.domain.store.Items.Item;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Datasets and their items. Items are added and never changed; a frozen dataset takes no more.
public final class Datasets {
    /// The noun.
    public static final String DATASET = "Dataset";

    private static final int LARGEST = 200_000;
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    private static final Set<String> OPTIONS = Set.of("split", "limit", "cursor");

    private final Scope scope;
    private final Noun noun;
    private final Items items;

    public Datasets(Scope scope) {
        this.scope = scope;
        this.noun = scope.nouns().require(DATASET);
        this.items = new Items(scope.transaction());
    }

    /// The dataset with this id or slug.
    ///
    /// @throws Refused if there is none
    public StoredObject require(String idOrSlug) {
        return scope.require().apply(noun, idOrSlug);
    }

    /// Adds items; those that the dataset has already are left out.
    ///
    /// @param given `[{id?, input, expected?, attributes?, split?}]`, at most 10,000
    /// @return `{added, known, size, splits, hash}`
    public ObjectNode add(String idOrSlug, JsonNode given) {
        return add("add", "Added", require(idOrSlug), given);
    }

    /// Adds the items that a text holds.
    ///
    /// @param options see [Table]
    /// @return as [#add]
    public ObjectNode importText(String idOrSlug, ObjectNode options) {
        return add("import", "Imported", require(idOrSlug), Table.read(options));
    }

    private ObjectNode add(String verb, String event, StoredObject dataset, JsonNode given) {
        scope.objects().prepareToWrite();
        if (dataset.document().path("status").asString("").equals("Frozen")) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Dataset %s is frozen: an experiment uses its items."
                                    .formatted(Quoted.of(dataset.id())),
                            "Create another dataset with the items of both; $.Dataset.items(id) reads the old ones.")
                    .field("items");
        }
        var shares = Shares.of(dataset.document().path("shares"));
        var fresh = fresh(dataset, ItemSyntax.of(given, shares));
        var size = dataset.document().path("size").asInt(0);
        if (size + fresh.size() > LARGEST) {
            throw new Refused(
                            Reason.TOO_LARGE,
                            "The dataset would have %,d items; %,d is the most."
                                    .formatted(size + fresh.size(), LARGEST),
                            "Add fewer items, or create another dataset.")
                    .field("items");
        }
        var next = dataset.document().deepCopy();
        if (!fresh.isEmpty()) {
            items.add(dataset.id(), fresh);
            describe(next, dataset.id());
            scope.objects()
                    .update(
                            noun,
                            dataset.next(next, scope.now().toEpochMilli()),
                            new Objects.Entry(verb, event, scope.actor(), Optional.empty()));
            scope.changes()
                    .accept(Change.between(verb, DATASET, dataset.id(), dataset.document(), next));
        }
        var json =
                Json.object().put("added", fresh.size()).put("known", given.size() - fresh.size());
        for (var field : List.of("size", "splits", "hash")) {
            json.set(field, next.path(field));
        }
        return json;
    }

    private List<Item> fresh(StoredObject dataset, List<Item> given) {
        var fresh = new ArrayList<Item>();
        for (var i = 0; i < given.size(); i++) {
            var item = given.get(i);
            var known = items.get(dataset.id(), item.id());
            if (known.isEmpty()) {
                fresh.add(item);
            } else if (!known.get().hash().equals(item.hash())) {
                throw ItemSyntax.twice("items[%d]".formatted(i), item.id());
            }
        }
        return fresh;
    }

    /// Writes how many items there are and what tells them from others.
    private void describe(ObjectNode document, String id) {
        var counts = items.counts(id);
        var splits = Json.object();
        var size = 0L;
        for (var split : Split.values()) {
            var count = counts.getOrDefault(split.word(), 0L);
            size += count;
            if (count > 0) {
                splits.put(split.word(), (int) (long) count);
            }
        }
        document.put("size", (int) size).set("splits", splits);
        var digest = Fingerprint.sha256();
        items.marks(id, mark -> digest.update(mark.getBytes(StandardCharsets.UTF_8)));
        document.put("hash", HexFormat.of().formatHex(digest.digest()));
    }

    /// One page of the items, in the order in which they were added.
    ///
    /// @param options `{split, limit = 100, cursor}`
    /// @return `{items: [{id, input, expected?, attributes?, split}], total, withheld?, cursor?}`;
    ///   what items of the test split expect is not among it
    public ObjectNode items(String idOrSlug, JsonNode options) {
        var dataset = require(idOrSlug);
        for (var option : options.propertyNames()) {
            if (!OPTIONS.contains(option)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "items has no option %s.".formatted(Quoted.of(option)),
                                "Send {split, limit, cursor}.")
                        .field(option);
            }
        }
        var split =
                options.hasNonNull("split")
                        ? Optional.of(Split.of("split", options.path("split")).word())
                        : Optional.<String>empty();
        var limit = options.path("limit").asInt(PAGE);
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new Refused(
                            Reason.LIMIT_EXCEEDED,
                            "A page has 1 to %,d items, not %s."
                                    .formatted(LARGEST_PAGE, Quoted.of(options.path("limit"))),
                            "Send a smaller limit, and go on with the cursor.")
                    .field("limit");
        }
        var found = items.page(dataset.id(), split, after(options.path("cursor")), limit + 1);
        var page = found.size() > limit ? found.subList(0, limit) : found;
        var json = Json.object();
        var list = json.putArray("items");
        var isWithheld = false;
        for (var item : page) {
            var shown = json(item);
            if (item.split().equals(Split.TEST.word()) && shown.has("expected")) {
                shown.remove("expected");
                isWithheld = true;
            }
            list.add(shown);
        }
        if (isWithheld) {
            json.put("withheld", "What items of the test split expect is shown to nobody.");
        }
        var counts = items.counts(dataset.id());
        json.put(
                "total",
                split.map(one -> counts.getOrDefault(one, 0L))
                        .orElseGet(() -> counts.values().stream().mapToLong(Long::longValue).sum())
                        .intValue());
        return found.size() > limit
                ? json.put("cursor", Long.toString(page.getLast().seq(), 36))
                : json;
    }

    /// Hands over items one by one, in the order in which they were added.
    ///
    /// @param split one split only; missing or null for all
    public void each(String idOrSlug, JsonNode split, Consumer<Item> each) {
        var dataset = require(idOrSlug);
        var only =
                split.isMissingNode() || split.isNull()
                        ? Optional.<String>empty()
                        : Optional.of(Split.of("split", split).word());
        var page = items.page(dataset.id(), only, 0, LARGEST_PAGE);
        while (!page.isEmpty()) {
            page.forEach(each);
            page = items.page(dataset.id(), only, page.getLast().seq(), LARGEST_PAGE);
        }
    }

    private static long after(JsonNode cursor) {
        if (cursor.isMissingNode() || cursor.isNull()) {
            return 0;
        }
        try {
            return Long.parseLong(cursor.asString(""), 36);
        } catch (NumberFormatException foreign) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no cursor of items.".formatted(Quoted.of(cursor)),
                            "Send the cursor of the page before, or none to begin.")
                    .field("cursor");
        }
    }

    /// An item as callers see it.
    public static ObjectNode json(Item item) {
        var json = Json.object().put("id", item.id());
        json.set("input", item.input());
        item.expected().ifPresent(expected -> json.set("expected", expected));
        if (!item.attributes().isEmpty()) {
            json.set("attributes", item.attributes());
        }
        return json.put("split", item.split());
    }

    /// Items that say the same, within a split and across splits.
    ///
    /// @param options `{threshold = 0.8, limit = 20}`
    /// @return see [Cleanliness]
    public ObjectNode check(String idOrSlug, JsonNode options) {
        var dataset = require(idOrSlug);
        var cleanliness = Cleanliness.of(options);
        var found = items.page(dataset.id(), Optional.empty(), 0, Cleanliness.MOST_CHECKED);
        return cleanliness.of(found, dataset.document().path("size").asLong(0));
    }
}
