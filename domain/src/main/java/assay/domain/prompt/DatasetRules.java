package assay.domain.prompt;

import assay.domain.Fingerprint;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.noun.Rules;
import assay.domain.noun.Verb;
import assay.domain.store.Items;
import assay.domain.store.Items.Item;
import assay.domain.store.Objects;
import assay.domain.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Items come with the create of a dataset and stand apart from it.
public final class DatasetRules implements Rules {
    private static final int MOST_USES = 100;

    private final Transaction transaction;
    private final Objects objects;

    public DatasetRules(Transaction transaction, Objects objects) {
        this.transaction = transaction;
        this.objects = objects;
    }

    @Override
    public void complete(ObjectNode data, ObjectNode next) {
        var isNew = !next.hasNonNull("hash");
        if (!isNew && data.hasNonNull("items")) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "The items of a dataset are not changed by update.",
                            "Add items with $.Dataset.add(id, items), or create another dataset.")
                    .field("items");
        }
        if (isNew) {
            describe(items(next), next);
        }
        if (data.hasNonNull("testUses")) {
            checkUses(next);
        }
        next.remove("items");
    }

    private static void checkUses(ObjectNode next) {
        var uses = next.path("testUses").asInt(0);
        if (uses < 1 || uses > MOST_USES) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not how often a test split can be used."
                                    .formatted(Quoted.of(next.path("testUses"))),
                            "Send testUses as a whole number from 1 to %d; the uses share alpha."
                                    .formatted(MOST_USES))
                    .field("testUses");
        }
    }

    private static List<Item> items(ObjectNode data) {
        var shares = Shares.of(data.path("shares"));
        return data.hasNonNull("items") ? ItemSyntax.of(data.path("items"), shares) : List.of();
    }

    private static void describe(List<Item> items, ObjectNode next) {
        var splits = Json.object();
        for (var split : Split.values()) {
            var count = items.stream().filter(item -> item.split().equals(split.word())).count();
            if (count > 0) {
                splits.put(split.word(), (int) count);
            }
        }
        var marks = new StringBuilder();
        items.stream()
                .sorted(Comparator.comparing(Item::id, DatasetRules::asStored))
                .forEach(item -> marks.append(Items.mark(item.id(), item.split(), item.hash())));
        next.put("size", items.size()).set("splits", splits);
        next.put("hash", Fingerprint.of(marks.toString()));
    }

    /// The order of code points, in which the store sorts.
    private static int asStored(String a, String b) {
        return Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void created(String id, ObjectNode sent, ObjectNode document) {
        var given = sent.path("items");
        var data = Json.object().set("shares", document.path("shares"));
        data.set("items", given.isString() ? Json.read(given.stringValue()) : given);
        var items = items(data);
        if (!items.isEmpty()) {
            new Items(transaction).add(id, items);
        }
    }

    @Override
    public void writing(
            Verb verb, String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
        if (current.path("size").asInt(0) > 0
                && !java.util.Objects.equals(current.get("shares"), next.get("shares"))) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "The items of dataset %s are dealt out already."
                                    .formatted(Quoted.of(id)),
                            "Create another dataset with other shares.")
                    .field("shares");
        }
        if (current.path("testUsed").size() > 0
                && !java.util.Objects.equals(current.get("testUses"), next.get("testUses"))) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "The test split of dataset %s was used, with its part of alpha; another number of uses would make that untrue."
                                    .formatted(Quoted.of(id)),
                            "Create another dataset with items that no prompt was tried on.")
                    .field("testUses");
        }
    }

    @Override
    public void rollingBack(String id) {
        if (objects.get(id)
                .filter(dataset -> dataset.document().path("testUsed").size() > 0)
                .isPresent()) {
            throw new Refused(
                    Reason.ILLEGAL_TRANSITION,
                    "The test split of dataset %s was used, and that stays written down."
                            .formatted(Quoted.of(id)),
                    "Update the fields you want as they were.");
        }
        if (objects.get(id).isPresent()
                && objects.history(id).stream()
                        .anyMatch(action -> List.of("add", "import").contains(action.verb()))) {
            throw new Refused(
                    Reason.ILLEGAL_TRANSITION,
                    "Items were added to dataset %s since it was made, and stay."
                            .formatted(Quoted.of(id)),
                    "Create another dataset with the items you want; $.Dataset.items(id) reads these.");
        }
    }

    @Override
    public void deleting(String id, ObjectNode current) {
        if (current.path("status").asString("").equals("Frozen")) {
            throw new Refused(
                    Reason.ILLEGAL_TRANSITION,
                    "Dataset %s is frozen: an experiment uses its items.".formatted(Quoted.of(id)),
                    "Leave it; it costs nothing but space.");
        }
    }

    @Override
    public String insteadOf(String computed) {
        return "Leave %s out: it follows from the items.".formatted(computed);
    }
}
