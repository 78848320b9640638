package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Events;
import assay.domain.store.StoredObject;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Takes in what exposed subjects did.
final class Intake {
    private static final int MOST_UNDECLARED = 20;
    private static final int MOST_CONFLICTING = 5;

    private final Scope scope;

    Intake(Scope scope) {
        this.scope = scope;
    }

    /// Records outcomes of exposed subjects, and then corrections of events.
    ///
    /// @param sent `{subject, metric, value = 1, at = now, eventId, properties}`, `{corrects,
    ///   metric, value}`, or an array of these
    /// @return `{recorded, duplicates, corrected?, conflicting?: [{metric, eventId}], undeclared?:
    ///   [{metric, nearest?}]}`
    ObjectNode record(StoredObject experiment, JsonNode sent) {
        requireOpen(experiment);
        requireOnline(experiment);
        scope.objects().prepareToWrite();
        var list =
                sent.isArray() ? (ArrayNode) sent : JsonNodeFactory.instance.arrayNode().add(sent);
        requireBatch(list.size(), "outcomes");
        var design = Design.of(experiment.id(), experiment.document());
        var corrections = list.valueStream().filter(one -> one.has(Corrected.CORRECTS)).toList();
        var outcomes = corrections.isEmpty() ? list : JsonNodeFactory.instance.arrayNode();
        if (!corrections.isEmpty()) {
            list.valueStream().filter(one -> !one.has(Corrected.CORRECTS)).forEach(outcomes::add);
        }
        var answer = outcomes(experiment, design, outcomes);
        if (!corrections.isEmpty()) {
            correct(experiment, design, corrections, answer);
        }
        return answer;
    }

    private ObjectNode outcomes(StoredObject experiment, Design design, ArrayNode list) {
        var subjects = Outcomes.subjects(list);
        var exposures = scope.events().exposures(experiment.id(), design.iteration(), subjects);
        var read =
                new Outcomes(
                        experiment.id(),
                        design.primary().usualEvent(),
                        scope.newId(),
                        scope.now(),
                        Holdouts.heldOut(
                                scope,
                                design,
                                subjects.stream()
                                        .filter(subject -> !exposures.containsKey(subject))
                                        .toList()));
        var rows = read.rows(list, exposures);
        scope.looks().appended();
        var isNew =
                scope.events()
                        .record(
                                experiment.id(),
                                design.iteration(),
                                rows,
                                scope.now().toEpochMilli(),
                                scope.actor());
        var added = isNew.cardinality();
        if (added > 0) {
            scope.logAppended(experiment, "record", "Recorded", "outcomes", added);
        }
        var answer =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("recorded", added)
                        .put("duplicates", rows.size() - added);
        conflicting(answer, list, rows, isNew);
        undeclared(answer, rows, names(experiment, design));
        return answer;
    }

    private void correct(
            StoredObject experiment, Design design, List<JsonNode> corrections, ObjectNode answer) {
        var corrected = new Corrected(scope, experiment.id(), design);
        var changed = 0;
        for (var correction : corrections) {
            changed += corrected.correct(correction) ? 1 : 0;
        }
        if (changed > 0) {
            scope.logAppended(experiment, "record", "Recorded", "corrections", changed);
        }
        answer.put("corrected", changed)
                .put(
                        "duplicates",
                        answer.path("duplicates").intValue() + corrections.size() - changed);
    }

    /// Outcomes that were left out although they are not what was recorded under their eventId.
    private void conflicting(
            ObjectNode answer, ArrayNode list, List<Events.Outcome> rows, BitSet isNew) {
        for (var place : scope.events().conflicting(rows, isNew, MOST_CONFLICTING)) {
            answer.withArray("conflicting")
                    .addObject()
                    .put("metric", rows.get(place).metric())
                    .set("eventId", list.get(place).path("eventId"));
        }
    }

    /// Refuses outcomes of an experiment that has not started or has ended.
    static void requireOpen(StoredObject experiment) {
        var status = experiment.document().path("status").asString("");
        if (!Set.of("Started", "Running", "Paused").contains(status)) {
            if (status.equals("Draft")) {
                throw Freezing.notStarted(experiment, "record outcomes of");
            }
            throw new Refused(
                    Reason.ILLEGAL_TRANSITION,
                    "Experiment %s is %s and takes no more outcomes."
                            .formatted(Quoted.of(experiment.id()), status),
                    "Record outcomes between start and conclude; create a new experiment to measure again.");
        }
    }

    private static void requireOnline(StoredObject experiment) {
        if (Leased.is(experiment.document())) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "Experiment %s runs over a dataset; what comes of its units is recorded lease by lease."
                            .formatted(Quoted.of(experiment.id())),
                    "Call $.Experiment.record(lease, {output, metrics}) with a lease of $.Experiment.next('%s')."
                            .formatted(experiment.id()));
        }
    }

    /// The names of all metrics that the experiment says anything about.
    static Set<String> names(StoredObject experiment, Design design) {
        var names = design.metricNames();
        for (var metric : experiment.document().path("metrics")) {
            names.add(metric.path("name").asString(""));
        }
        return names;
    }

    /// Outcomes of a metric that nobody declared are kept, but what was meant may be another.
    private static void undeclared(
            ObjectNode answer, List<Events.Outcome> rows, Set<String> declared) {
        rows.stream()
                .map(Events.Outcome::metric)
                .distinct()
                .filter(metric -> !declared.contains(metric))
                .limit(MOST_UNDECLARED)
                .forEach(metric -> {
                    var one = answer.withArray("undeclared").addObject().put("metric", metric);
                    Nearest.to(metric, declared).ifPresent(near -> one.put("nearest", near));
                });
    }

    static void requireBatch(int size, String what) {
        if (size > Experiments.LARGEST_BATCH) {
            throw new Refused(
                    Reason.LIMIT_EXCEEDED,
                    "The call brings %d %s; the most is %d."
                            .formatted(size, what, Experiments.LARGEST_BATCH),
                    "Split them over several calls.");
        }
    }
}
