package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.stats.multiplicity.OnlineDiscoveries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Series of experiments that share one false discovery rate: each gets its alpha when it starts,
/// by its place in the series and by what was discovered before, and keeps it.
final class Programmes {
    private static final List<String> STATES =
            List.of(
                    "Started",
                    "Running",
                    "Paused",
                    "Concluded",
                    "Completed",
                    "Stopped",
                    "Archived");
    private static final List<String> DECIDED = List.of("Concluded", "Completed", "Archived");

    private final Scope scope;

    Programmes(Scope scope) {
        this.scope = scope;
    }

    /// An iteration that has started within a programme.
    private record Entry(
            String experiment,
            long iteration,
            long index,
            double alpha,
            double q,
            String state,
            boolean isDiscovery) {}

    /// Gives an iteration that begins its place and its alpha, where its rule names a programme.
    ///
    /// @param next the document about to be stored
    void enter(ObjectNode next) {
        if (!(next.path("rule") instanceof ObjectNode rule)
                || !(rule.path("programme") instanceof ObjectNode programme)) {
            return;
        }
        var declared = Rule.of(rule).programme().orElseThrow();
        if (rule.hasNonNull("alpha") && declared.index() == 0) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The rule names an alpha and a programme, which has an alpha for each of its experiments.",
                            "Leave alpha out; the programme's q says how many of its discoveries may be false.")
                    .field("rule.alpha");
        }
        var entries = entries(declared.name());
        var other = entries.stream().findFirst().map(Entry::q);
        if (other.isPresent() && other.get() != declared.q()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The programme %s has begun with q %s, and this experiment says %s."
                                    .formatted(
                                            Quoted.of(declared.name()),
                                            Numbers.brief(other.get()),
                                            Numbers.brief(declared.q())),
                            "Send rule.programme.q as %s, or name another programme."
                                    .formatted(Numbers.brief(other.get())))
                    .field("rule.programme.q");
        }
        var index = next(entries);
        var discoveries = entries.stream().filter(Entry::isDiscovery).count();
        rule.put("alpha", OnlineDiscoveries.alpha(declared.q(), index, discoveries));
        programme
                .put("name", declared.name())
                .put("q", declared.q())
                .put("index", index)
                .put("discoveries", discoveries);
    }

    /// All that has started within a programme, in the order of their places.
    private List<Entry> entries(String name) {
        var entries = new ArrayList<Entry>();
        for (var state : STATES) {
            // A place in the series stays taken when what took it is deleted.
            for (var one : scope.objects().everInOrder(scope.experiments(), "status", state)) {
                var document = one.document();
                for (var past : document.path("iterations")) {
                    entry(name, one.id(), past, "Ended", past.path("summary"))
                            .ifPresent(entries::add);
                }
                var results = DECIDED.contains(state) ? document.path("results") : Json.object();
                entry(name, one.id(), document, state, results).ifPresent(entries::add);
            }
        }
        entries.sort(Comparator.comparingLong(Entry::index));
        return entries;
    }

    /// @param results what it came to, empty while it runs
    private static Optional<Entry> entry(
            String name, String experiment, JsonNode design, String state, JsonNode results) {
        var rule = design.path("rule");
        var programme = rule.path("programme");
        if (!programme.path("name").asString("").equals(name)
                || programme.path("index").asLong(0) == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Entry(
                        experiment,
                        design.path("iteration").asLong(1),
                        programme.path("index").asLong(0),
                        rule.path("alpha").doubleValue(),
                        programme.path("q").doubleValue(),
                        state,
                        results.path("verdict").asString("").equals(Decision.Verdict.SHIP.word())));
    }

    private static long next(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::index).max().orElse(0) + 1;
    }

    /// The ledger of a programme.
    ObjectNode ledger(Rule.Programme programme) {
        var entries = entries(programme.name());
        var discoveries = entries.stream().filter(Entry::isDiscovery).count();
        var json =
                Json.object()
                        .put("name", programme.name())
                        .put("q", programme.q())
                        .put("experiments", entries.size())
                        .put("discoveries", discoveries)
                        .put(
                                "nextAlpha",
                                OnlineDiscoveries.alpha(programme.q(), next(entries), discoveries))
                        .put(
                                "means",
                                "e-LOND: of the discoveries of the whole programme an expected share of at most q is false, as far as each experiment's p-values hold and its units are drawn by a hash of its own");
        var ledger = json.putArray("ledger");
        for (var one : entries) {
            ledger.addObject()
                    .put("experiment", one.experiment())
                    .put("iteration", one.iteration())
                    .put("index", one.index())
                    .put("alpha", one.alpha())
                    .put("status", one.state())
                    .put("discovery", one.isDiscovery());
        }
        return json;
    }
}
