package assay.domain.loop;

import assay.domain.Change;
import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Budget;
import assay.domain.experiment.Design;
import assay.domain.experiment.Leased;
import assay.domain.experiment.LookBook;
import assay.domain.noun.Json;
import assay.domain.noun.Value;
import assay.domain.prompt.Datasets;
import assay.domain.prompt.PromptContent;
import assay.domain.prompt.Prompts;
import assay.domain.prompt.Scope;
import assay.domain.store.Leases;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What has to hold when an iteration of a leased experiment begins, and what its beginning does to
/// the dataset: no item is added any more, and a use of the test split is logged.
final class Beginning {
    /// Fields that say who of many subjects takes part, which a dataset says already.
    private static final List<String> OF_SUBJECTS =
            List.of("audience", "layer", "holdout", "overrides");

    /// Fields that may change while units are leased, and what is leased by.
    private static final List<String> LIVE =
            List.of("variants", "budget", "trafficAllocation", "overrides");

    private static final String USED = "testUsed";

    private final Scope scope;
    private final LookBook looks;
    private final Datasets datasets;
    private final Prompts prompts;

    Beginning(Scope scope, LookBook looks) {
        this.scope = scope;
        this.looks = looks;
        this.datasets = new Datasets(scope);
        this.prompts = new Prompts(scope);
    }

    /// Refuses what cannot be leased, and writes down how many units there are to be.
    ///
    /// @param experiment the document about to be stored, its prompts frozen
    void check(ObjectNode experiment) {
        experiment.remove(List.of("units", "testUses", "dropped"));
        if (!Leased.is(experiment)) {
            return;
        }
        requireNoSubjects(experiment);
        var arms = arms(experiment);
        var dataset = datasets.require(experiment.path("dataset").asString(""));
        var split = experiment.path("split").asString(Leased.USUAL_SPLIT);
        var items = dataset.document().path("splits").path(split).asLong(0);
        if (items == 0) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "Dataset %s has no items in its split '%s'."
                                    .formatted(Quoted.of(dataset.id()), split),
                            "Add items with $.Dataset.add, or name another split: it has %s."
                                    .formatted(dataset.document().path("splits")))
                    .field("split");
        }
        arms.forEach(arm -> requireFit(arm, dataset.id(), split));
        requireReservations(experiment, arms);
        if (split.equals(Leased.TEST)) {
            experiment.put("testUses", requireUse(dataset));
        }
        units(experiment, items, arms.size());
    }

    /// Refuses what an experiment that has begun is changed to, if it could not be leased any more,
    /// or if its budget would be less than what is gone from it.
    ///
    /// @param current as it was leased so far
    /// @param next the document about to be stored, its prompts frozen
    void recheck(String id, ObjectNode current, ObjectNode next) {
        if (!Leased.is(next)
                || LIVE.stream().allMatch(one -> current.path(one).equals(next.path(one)))) {
            return;
        }
        requireNoSubjects(next);
        var arms = arms(next);
        if (!current.path("variants").equals(next.path("variants"))) {
            var dataset = datasets.require(next.path("dataset").asString(""));
            var split = next.path("split").asString(Leased.USUAL_SPLIT);
            arms.forEach(arm -> requireFit(arm, dataset.id(), split));
        }
        requireReservations(next, arms);
        if (!current.path("budget").equals(next.path("budget"))) {
            requireEnough(id, next);
        }
    }

    /// A budget is never exceeded, so it cannot be made less than what is used up and reserved.
    private void requireEnough(String id, ObjectNode next) {
        var purse =
                new Purse(
                        new Leases(scope.transaction()),
                        scope.now().toEpochMilli(),
                        id,
                        Design.of(id, next));
        purse.exceeded()
                .ifPresent(bound -> {
                    throw new Refused(
                                    Reason.INVALID_VALUE,
                                    "The budget would be less than what experiment %s has leased: %s, which open leases reserve or recorded ones used up."
                                            .formatted(Quoted.of(id), purse.text(bound)),
                                    "Send at least {%s: %s}, with which nothing more is leased; $.Experiment.pause('%s') leases nothing either, $.Experiment.conclude('%s') ends it."
                                            .formatted(bound, purse.gone(bound), id, id))
                            .field("budget." + bound);
                });
    }

    private static void requireNoSubjects(ObjectNode experiment) {
        for (var field : OF_SUBJECTS) {
            if (experiment.hasNonNull(field)) {
                throw notLeased(field, "Clear %s with null.".formatted(field));
            }
        }
        if (experiment.path("trafficAllocation").doubleValue(100) != 100) {
            throw notLeased(
                    "trafficAllocation",
                    "Clear trafficAllocation with null; a budget of units bounds what is run.");
        }
        var allocation = experiment.path("allocation");
        if (List.of("thompson", "topTwo").contains(allocation.path("policy").asString(""))
                || allocation.path("design").asString("").equals("holdout")) {
            throw notLeased("allocation", "Clear allocation with null.");
        }
    }

    private static Refused notLeased(String field, String repair) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "An experiment over a dataset runs every item under every variant; %s has no meaning there."
                                .formatted(field),
                        repair)
                .field(field);
    }

    /// An arm with the content of its prompt.
    private record Arm(String key, String path, PromptContent content) {}

    private static List<Arm> arms(ObjectNode experiment) {
        var arms = new ArrayList<Arm>();
        var weight = Optional.<BigDecimal>empty();
        var index = 0;
        for (var variant : experiment.path("variants")) {
            var path = "variants[%d]".formatted(index++);
            var own = variant.path("weight").decimalValue(BigDecimal.ONE);
            if (own.signum() == 0) {
                continue;
            }
            if (weight.filter(other -> other.compareTo(own) != 0).isPresent()) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "An experiment over a dataset runs every item under every variant, so they all weigh the same.",
                                "Leave the weights out; a variant with weight 0 is not run.")
                        .field(path + ".weight");
            }
            weight = Optional.of(own);
            arms.add(arm(path, variant));
        }
        return arms;
    }

    private static Arm arm(String path, JsonNode variant) {
        var key = variant.path("key").asString("");
        if (!(variant.path("prompt") instanceof ObjectNode prompt)) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "Variant %s has no prompt to run.".formatted(Quoted.of(key)),
                            "Send {key: %s, prompt: …} with the id or key of a version of a prompt, or with {template, model, parameters}."
                                    .formatted(Quoted.of(key)))
                    .field(path + ".prompt");
        }
        return new Arm(key, path, PromptContent.of(prompt));
    }

    private void requireFit(Arm arm, String dataset, String split) {
        var missing = prompts.fit(arm.content(), dataset, split).path("missing");
        if (missing.isEmpty()) {
            return;
        }
        var first = missing.path(0);
        var variable = first.path("variable").asString("");
        throw new Refused(
                        Reason.MISSING_FIELD,
                        "The prompt of variant %s has {{%s}}, and %s no value for it, such as %s."
                                .formatted(
                                        Quoted.of(arm.key()),
                                        variable,
                                        items(first.path("items").asLong(0), split),
                                        Quoted.of(first.path("examples").path(0))),
                        "Use a version of the prompt without {{%s}}, or a dataset whose inputs have a member %s; $.Prompt.fit(prompt, dataset) tells all that is missing."
                                .formatted(variable, variable.split("\\.", -1)[0]))
                .field(arm.path() + ".prompt")
                .with("missing", missing.deepCopy());
    }

    private static String items(long count, String split) {
        return count == 1
                ? "an item of the split '%s' has".formatted(split)
                : "%,d items of the split '%s' have".formatted(count, split);
    }

    private static OptionalDouble real(OptionalLong whole) {
        return whole.isPresent()
                ? OptionalDouble.of((double) whole.getAsLong())
                : OptionalDouble.empty();
    }

    private static void requireOneUnit(String bound, OptionalDouble perUnit, OptionalDouble most) {
        if (perUnit.isPresent() && most.isPresent() && perUnit.getAsDouble() > most.getAsDouble()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "A unit reserves more %s than the whole budget has, so none could be leased."
                                    .formatted(bound),
                            "Send budget.perUnit.%1$s as the most that one unit takes, and budget.%1$s as what all of them may take."
                                    .formatted(bound))
                    .field("budget.perUnit." + bound);
        }
    }

    private static void requireReservations(ObjectNode experiment, List<Arm> arms) {
        var budget = Budget.of(experiment.path("budget"));
        if (budget.money().isPresent() && budget.moneyPerUnit().isEmpty()) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "The budget bounds money, and nothing says what a unit may cost; a lease could not keep it.",
                            "Send budget.perUnit.money: the most that one unit costs, such as {money: 5, perUnit: {money: 0.01}}.")
                    .field("budget.perUnit.money");
        }
        requireOneUnit("money", budget.moneyPerUnit(), budget.money());
        requireOneUnit("tokens", real(budget.tokensPerUnit()), real(budget.tokens()));
        if (budget.tokens().isEmpty() || budget.tokensPerUnit().isPresent()) {
            return;
        }
        for (var arm : arms) {
            if (Reservation.limit(arm.content().parameters()).isEmpty()) {
                throw new Refused(
                                Reason.MISSING_FIELD,
                                "The budget bounds tokens, and nothing says how many a unit of variant %s takes; a lease could not keep it."
                                        .formatted(Quoted.of(arm.key())),
                                "Send budget.perUnit.tokens, or give the prompt parameters with max_tokens.")
                        .field("budget.perUnit.tokens");
            }
        }
    }

    /// How many uses the test split has in all, if one is left.
    private int requireUse(StoredObject dataset) {
        looks.bar()
                .ifPresent(why -> {
                    throw new Refused(
                                    Reason.INVALID_REQUEST,
                                    "A use of the test split is logged, and %s.".formatted(why),
                                    "Run it in earnest, or try it on the split 'validation'.")
                            .field("split");
                });
        var uses = dataset.document().path("testUses").asInt(1);
        var used = dataset.document().path(USED);
        if (used.size() >= uses) {
            var last = used.path(used.size() - 1);
            throw new Refused(
                            Reason.BUDGET_EXHAUSTED,
                            "The test split of dataset %s is used up: %d of %d uses, the last by %s at %s."
                                    .formatted(
                                            Quoted.of(dataset.id()),
                                            used.size(),
                                            uses,
                                            last.path("experiment").asString(""),
                                            last.path("at").asString("")),
                            "Choose among prompts on the split 'validation', or create a dataset with items that no prompt was tried on.")
                    .field("split");
        }
        return uses;
    }

    private static void units(ObjectNode experiment, long items, int arms) {
        var total = items * experiment.path("repetitions").asLong(1) * arms;
        var most = Budget.of(experiment.path("budget")).units().orElse(total);
        var units = Json.object();
        units.set("items", number(items));
        units.set("total", number(total));
        units.set("planned", number(Math.min(total, most)));
        experiment.set("units", units);
    }

    private static JsonNode number(long value) {
        return Value.number(BigDecimal.valueOf(value));
    }

    /// What a beginning does beside the experiment.
    void begin(String id, ObjectNode experiment) {
        if (!Leased.is(experiment)) {
            return;
        }
        var dataset = datasets.require(experiment.path("dataset").asString(""));
        if (dataset.document().path("status").asString("").equals("Open")) {
            dataset =
                    changed(
                            dataset,
                            dataset.document().deepCopy().put("status", "Frozen"),
                            "freeze",
                            "Frozen",
                            "experiment %s began".formatted(id));
        }
        if (experiment.path("split").asString("").equals(Leased.TEST)) {
            looks.opened(id);
            var used = dataset.document().deepCopy();
            used.withArray(USED)
                    .addObject()
                    .put("experiment", id)
                    .put("iteration", experiment.path("iteration").asLong(1))
                    .put("at", IsoTime.text(scope.now()))
                    .put("actor", scope.actor());
            var _ =
                    changed(
                            dataset,
                            used,
                            "use",
                            "Used",
                            "experiment %s runs on the test split".formatted(id));
        }
    }

    private StoredObject changed(
            StoredObject dataset, ObjectNode document, String verb, String event, String why) {
        var next = dataset.next(document, scope.now().toEpochMilli());
        scope.objects()
                .update(
                        scope.nouns().require(Datasets.DATASET),
                        next,
                        new Objects.Entry(verb, event, scope.actor(), Optional.of(why)));
        scope.changes()
                .accept(
                        Change.between(
                                verb,
                                Datasets.DATASET,
                                dataset.id(),
                                dataset.document(),
                                document));
        return next;
    }
}
