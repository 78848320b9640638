package assay.domain.work;

import assay.domain.Caller;
import assay.domain.IsoTime;
import assay.domain.noun.Nouns;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the times of a tenant's experiments ask for at a moment.
///
/// @param now what is to be done, in the order of its times
/// @param next when something is to be done after that
public record Due(List<Step> now, Optional<Instant> next) {
    private static final String EXPERIMENT = "Experiment";

    public Due {
        now = List.copyOf(now);
    }

    /// A verb whose time has come.
    ///
    /// @param verb `start`, `conclude` or `reallocate`
    /// @param because the field that holds the time, or how it is found
    public record Step(
            String experiment, String verb, String because, Instant time, long version) {}

    /// Looks at the experiments whose start was set for a time, at the running ones that have an
    /// end, and at the bandits.
    public static Due at(Nouns nouns, Transaction transaction, Instant now) {
        var caller = new Caller("default", "schedule", true);
        var work = new UnitOfWork(nouns, transaction, caller, now, Ids.NONE);
        var json = JsonNodeFactory.instance;
        var starting = json.objectNode().put("status", "Draft").put("scheduled", true);
        starting.putObject("startAt").put("$exists", true);
        var ending = json.objectNode();
        ending.putObject("status").putArray("$in").add("Started").add("Running").add("Paused");
        ending.putObject("endAt").put("$exists", true);
        var moving = json.objectNode();
        moving.putObject("status").putArray("$in").add("Started").add("Running");
        moving.putObject("allocation").put("$exists", true);
        var steps =
                Stream.of(
                                steps(nouns, work, starting, "start", "startAt"),
                                steps(nouns, work, ending, "conclude", "endAt"),
                                moves(nouns, work, moving))
                        .flatMap(some -> some)
                        .sorted(Comparator.comparing(Step::time))
                        .toList();
        var due = new ArrayList<Step>();
        for (var step : steps) {
            if (step.time().isAfter(now)) {
                return new Due(due, Optional.of(step.time()));
            }
            due.add(step);
        }
        return new Due(due, Optional.empty());
    }

    private static Stream<Step> moves(Nouns nouns, UnitOfWork work, ObjectNode filter) {
        var options = JsonNodeFactory.instance.objectNode().put("limit", 1_000);
        return work.find(work.queries().find(nouns.require(EXPERIMENT), filter, options)).stream()
                .flatMap(experiment -> {
                    var id = experiment.path("$id").stringValue();
                    return work.reallocationDue(id).stream()
                            .map(time ->
                                    new Step(
                                            id,
                                            "reallocate",
                                            "allocation",
                                            time,
                                            experiment.path("$version").longValue(0)));
                });
    }

    private static Stream<Step> steps(
            Nouns nouns, UnitOfWork work, ObjectNode filter, String verb, String field) {
        var options = JsonNodeFactory.instance.objectNode().put("sort", field).put("limit", 1_000);
        return work.find(work.queries().find(nouns.require(EXPERIMENT), filter, options)).stream()
                .flatMap(experiment ->
                        IsoTime.parse(experiment.path(field).asString("")).stream()
                                .map(time ->
                                        new Step(
                                                experiment.path("$id").stringValue(),
                                                verb,
                                                field,
                                                time,
                                                experiment.path("$version").longValue(0))));
    }
}
