package assay.domain.loop;

import assay.domain.Quoted;
import assay.domain.experiment.Design;
import assay.domain.experiment.Leased;
import assay.domain.noun.Json;
import assay.domain.prompt.Input;
import assay.domain.prompt.PromptContent;
import assay.domain.store.Events;
import assay.domain.store.Items;
import assay.domain.store.Leases;
import assay.domain.store.Leases.Purpose;
import assay.domain.store.Leases.Status;
import assay.domain.store.StoredObject;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Queue;
import tools.jackson.databind.node.ObjectNode;

/// Leases the units of one experiment to one caller: first those whose leases have run out, then
/// new ones, place by place.
///
/// Each arm goes through the places for itself, so an arm that joins later runs what the others
/// have run already, and then goes on beside them.
final class Leasing {
    private final Desk desk;
    private final StoredObject experiment;
    private final LeaseRequest request;
    private final Design design;
    private final Leased leased;
    private final List<String> arms;
    private final Places places;
    private final Items items;
    private final Granting granting;
    private final Map<String, PromptContent> contents = new HashMap<>();
    private final Map<String, Items.Item> known = new HashMap<>();
    private final Map<String, Long> next = new LinkedHashMap<>();
    private final Queue<Leases.Lease> expired;
    private final Map<String, Events.Exposure> exposures = new LinkedHashMap<>();

    /// @param experiment one that is started and leases its units
    Leasing(Desk desk, StoredObject experiment, LeaseRequest request) {
        this.desk = desk;
        this.experiment = experiment;
        this.request = request;
        this.design = Design.of(experiment.id(), experiment.document());
        this.leased = design.leased().orElseThrow();
        this.arms = design.running().stream().map(Design.Arm::key).toList();
        this.places =
                new Places(
                        design.seed(),
                        experiment.document().path("units").path("items").asLong(0),
                        leased.repetitions());
        this.items = new Items(desk.scope().transaction());
        this.granting = new Granting(desk, experiment.id(), design, request, Purpose.RUN);
        for (var variant : experiment.document().path("variants")) {
            if (variant.path("prompt") instanceof ObjectNode prompt) {
                contents.put(variant.path("key").asString(""), PromptContent.of(prompt));
            }
        }
        arms.forEach(
                arm -> next.put(arm, desk.leases().next(experiment.id(), design.iteration(), arm)));
        this.expired =
                new ArrayDeque<>(
                        desk.leases()
                                .expired(
                                        experiment.id(),
                                        design.iteration(),
                                        Purpose.RUN,
                                        arms,
                                        desk.now(),
                                        Integer.MAX_VALUE));
    }

    /// `{units: [{lease, item: {id, input, expected?}, variant, repetition, messages, model?,
    /// parameters?, expiresAt}], left, held, why}`.
    ObjectNode answer() {
        while (!granting.isFull() && !isDecided()) {
            var candidate = candidate();
            if (candidate.isEmpty()
                    || !granting.affords(candidate.get().reservation(), candidate.get().isNew())) {
                break;
            }
            grant(candidate.get());
        }
        var left = left();
        var answer = granting.answer(left, why(left));
        keep();
        return answer;
    }

    Purse purse() {
        return granting.purse();
    }

    /// What of the budget is not enough for the next unit, in words.
    Optional<String> lacking() {
        return candidate()
                .flatMap(next -> purse().lacks(next.reservation(), next.isNew()))
                .map(purse()::text);
    }

    /// True when all arms but one have lost: what is left to run would compare nothing.
    boolean isDecided() {
        return design.eliminates() && arms.size() < 2;
    }

    /// A unit that may be leased.
    ///
    /// @param place from 0 on
    /// @param before the lease that has run out, if it had one
    private record Candidate(
            String arm,
            long place,
            int repetition,
            Items.Item item,
            Reservation reservation,
            Optional<Leases.Lease> before) {
        boolean isNew() {
            return before.isEmpty();
        }
    }

    private Optional<Candidate> candidate() {
        var again = expired.peek();
        if (again != null) {
            var unit = desk.leases().unit(again.unit());
            return Optional.of(
                    candidate(
                            unit.arm(),
                            unit.place(),
                            unit.repetition(),
                            item(unit.item()),
                            Optional.of(again)));
        }
        var place = next.values().stream().mapToLong(Long::longValue).min().orElse(places.size());
        if (place >= places.size()) {
            return Optional.empty();
        }
        var at = places.at(place);
        return places.arms(place, arms).stream()
                .filter(arm -> at(arm) == place)
                .findFirst()
                .map(arm ->
                        candidate(arm, place, at.repetition(), item(at.item()), Optional.empty()));
    }

    private long at(String arm) {
        return next.getOrDefault(arm, 0L);
    }

    private Candidate candidate(
            String arm,
            long place,
            int repetition,
            Items.Item item,
            Optional<Leases.Lease> before) {
        var content = content(arm);
        return new Candidate(
                arm,
                place,
                repetition,
                item,
                Reservation.of(
                        leased.budget(),
                        content.parameters(),
                        content.length(new Input(item.input()))),
                before);
    }

    private PromptContent content(String arm) {
        return Objects.requireNonNull(contents.get(arm), arm);
    }

    private Items.Item item(String id) {
        return known.computeIfAbsent(id, _ -> items.get(leased.dataset(), id).orElseThrow());
    }

    private Items.Item item(long index) {
        return known.computeIfAbsent(
                "#" + index, _ -> items.at(leased.dataset(), leased.split(), index));
    }

    private void grant(Candidate candidate) {
        long unit;
        if (candidate.isNew()) {
            unit = add(candidate);
            next.put(candidate.arm(), candidate.place() + 1);
        } else {
            unit = expired.remove().unit();
        }
        granting.grant(unit, candidate.reservation(), candidate.isNew(), json(candidate));
    }

    private long add(Candidate candidate) {
        var item = candidate.item();
        var subject = subject(item.id(), candidate.arm(), candidate.repetition());
        var attributes = design.population().kept(item.attributes());
        attributes.put(ITEM, item.id()).put(REPETITION, candidate.repetition());
        exposures.put(
                desk.newId().apply("event"),
                new Events.Exposure(
                        subject, candidate.arm(), design.cohort().index(), desk.now(), attributes));
        return desk.leases()
                .add(
                        new Leases.Unit(
                                0,
                                desk.newId().apply("run"),
                                experiment.id(),
                                design.iteration(),
                                candidate.arm(),
                                candidate.place(),
                                item.id(),
                                candidate.repetition(),
                                subject,
                                Status.LEASED,
                                request.worker(),
                                desk.now(),
                                OptionalLong.empty(),
                                Optional.empty(),
                                OptionalDouble.empty(),
                                Optional.empty()),
                        desk.scope().actor());
    }

    /// The attribute of an exposure that names the item of the unit.
    static final String ITEM = "$item";

    /// The attribute of an exposure that tells which time the item is run.
    static final String REPETITION = "$repetition";

    /// What the events of a unit are kept under.
    static String subject(String item, String arm, int repetition) {
        return escaped(item) + "/" + escaped(arm) + "/" + repetition;
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace("/", "%2F");
    }

    private ObjectNode json(Candidate candidate) {
        var content = content(candidate.arm());
        var json = Json.object();
        json.set("item", Shown.item(candidate.item(), leased));
        json.put("variant", candidate.arm()).put("repetition", candidate.repetition());
        json.set("messages", content.render(new Input(candidate.item().input())));
        if (!content.model().isEmpty()) {
            json.put("model", content.model());
        }
        if (!content.parameters().isEmpty()) {
            json.set("parameters", content.parameters());
        }
        return json;
    }

    /// Units that can still be leased now.
    long left() {
        if (isDecided()) {
            return 0;
        }
        var fresh = 0L;
        for (var arm : arms) {
            fresh += Math.max(0, places.size() - at(arm));
        }
        return purse().unitsLeft(fresh) + expired.size();
    }

    private String why(long left) {
        if (granting.isFull()) {
            return "%,d leased; record each by its lease before it runs out."
                    .formatted(granting.granted());
        }
        return granting.lacking().orElseGet(() -> unlacking(left));
    }

    /// Why there are fewer than were asked for, where it is not the budget.
    private String unlacking(long left) {
        if (granting.granted() > 0) {
            return "Nothing is left besides: %s leased."
                    .formatted(Shown.count(granting.granted(), "unit"));
        }
        if (isDecided()) {
            if (design.arms().size() > arms.size() + leased.dropped().size()) {
                return "Fewer than two variants are in: nothing is left to compare.";
            }
            return "Every other variant has lost against %s: read the results, and conclude."
                    .formatted(Quoted.all(arms));
        }
        return granting.holders()
                .map(
                        "Nothing is left to lease: %s; what is not recorded by then comes back."
                                ::formatted)
                .orElseGet(() -> done(left));
    }

    private String done(long left) {
        var judging =
                desk.leases()
                        .counts(experiment.id(), design.iteration(), arms)
                        .getOrDefault(Status.JUDGING, 0L);
        return judging > 0 && left == 0
                ? "Every unit is run; the judge has %s to judge: call $.Experiment.judge('%s')."
                        .formatted(Shown.count(judging, "output"), experiment.id())
                : "Every unit is recorded: read the results, and conclude.";
    }

    private void keep() {
        if (granting.granted() == 0) {
            return;
        }
        if (!exposures.isEmpty()) {
            desk.looks().appended();
            desk.events()
                    .expose(
                            experiment.id(),
                            design.iteration(),
                            exposures,
                            desk.now(),
                            desk.scope().actor());
        }
        desk.log(experiment, "next", "Leased", "leases", granting.granted());
        desk.engine().begin(desk.noun(), experiment);
    }
}
