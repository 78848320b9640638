package assay.domain.experiment;

import assay.domain.experiment.Warning.Step;
import assay.domain.noun.Json;
import assay.domain.noun.Kind;
import assay.domain.query.Filter;
import assay.domain.query.Path;
import assay.domain.query.Path.Column.Meta;
import assay.domain.query.Query;
import assay.domain.query.SortKey;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Experiments that were made with prompts of the same families, so that nobody tries again what
/// was tried.
final class Tried {
    private static final String FAMILIES = "families";
    private static final int MOST = 3;

    private final Scope scope;

    Tried(Scope scope) {
        this.scope = scope;
    }

    /// Warns of them when an experiment starts.
    void starting(String id, ObjectNode next) {
        var before = before(id, next);
        if (before.isEmpty()) {
            return;
        }
        var sentences = new ArrayList<String>();
        var steps = new ArrayList<Step>();
        for (var one : before) {
            sentences.add(sentence(one));
            steps.add(
                    new Step(
                            "Read what came of it before more is spent.",
                            "return await $.fetch({ id: '%s' })".formatted(one.id())));
        }
        var names =
                next.path(FAMILIES)
                        .valueStream()
                        .map(family -> Named.brief(family.asString("")))
                        .toList();
        scope.warnings()
                .add(
                        new Warning(
                                "start",
                                id,
                                "Already tried with prompts of %s: %s"
                                        .formatted(Named.some(names), String.join(" ", sentences)),
                                steps));
    }

    private String sentence(StoredObject experiment) {
        var document = experiment.document();
        var text =
                new StringBuilder(experiment.id())
                        .append(' ')
                        .append(Named.brief(document.path("name").asString("")))
                        .append(" is ")
                        .append(document.path("status").asString(""));
        outcome(experiment)
                .ifPresent(outcome -> {
                    text.append(", ").append(outcome.verdict());
                    outcome.winner()
                            .ifPresent(key -> text.append(", winner ").append(Named.brief(key)));
                    outcome.effectText(Standing.control(document))
                            .ifPresent(effect -> text.append("; ").append(effect));
                });
        return text.append('.').toString();
    }

    /// The same as `[{id, name, status, outcome?}]`, the newest first.
    ArrayNode json(String id, ObjectNode document) {
        var tried = Json.array();
        for (var one : before(id, document)) {
            var json =
                    tried.addObject()
                            .put("id", one.id())
                            .put("name", one.document().path("name").asString(""))
                            .put("status", one.document().path("status").asString(""));
            outcome(one).ifPresent(outcome -> json.set("outcome", outcome.toJson()));
        }
        return tried;
    }

    private Optional<Outcome> outcome(StoredObject experiment) {
        return Outcome.of(scope.events(), experiment.id(), experiment.document());
    }

    /// The newest others that were ever started.
    private List<StoredObject> before(String id, ObjectNode document) {
        var families = document.path(FAMILIES).valueStream().<JsonNode>map(one -> one).toList();
        if (families.isEmpty()) {
            return List.of();
        }
        var field = Objects.requireNonNull(scope.experiments().fields().get(FAMILIES));
        var path = new Path(FAMILIES, List.of(), new Path.Column.Stored(field));
        var status = Objects.requireNonNull(scope.experiments().fields().get("status"));
        var isDraft =
                new Filter.Compare(
                        new Path("status", List.of(), new Path.Column.Stored(status)),
                        Filter.Comparison.EQUAL,
                        Kind.TEXT,
                        Json.text("Draft"));
        var query =
                new Query(
                        scope.experiments(),
                        new Filter.And(
                                List.of(new Filter.OneOf(path, families), new Filter.Not(isDraft))),
                        List.of(
                                new SortKey(
                                        new Path(
                                                Meta.CREATED_AT.word(), List.of(), Meta.CREATED_AT),
                                        true)),
                        MOST + 1,
                        0,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty());
        return scope.objects().find(query).stream()
                .filter(one -> !one.id().equals(id))
                .limit(MOST)
                .toList();
    }
}
