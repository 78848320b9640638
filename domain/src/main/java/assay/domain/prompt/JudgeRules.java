package assay.domain.prompt;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Rules;
import assay.domain.noun.Verb;
import assay.domain.store.Calibrations;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A judge has what its kind needs and nothing else, and stays what it is once it was calibrated.
public final class JudgeRules implements Rules {
    private static final List<String> WAYS = List.of("case", "whitespace", "punctuation");
    private static final int LONGEST_SOURCE = 20_000;

    private static final Set<String> LIVE = Set.of("Started", "Running", "Paused");

    private final Scope scope;

    public JudgeRules(Scope scope) {
        this.scope = scope;
    }

    @Override
    public void complete(ObjectNode data, ObjectNode next) {
        if (!next.hasNonNull("kind")) {
            return;
        }
        var kind = JudgeKind.of(next.path("kind").stringValue());
        for (var field : JudgeKind.ALL) {
            if (next.hasNonNull(field) && !kind.fields().contains(field)) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "A judge of the kind %s takes no %s.".formatted(kind.word(), field),
                                "Leave %s out; it takes: %s."
                                        .formatted(field, String.join(", ", kind.fields())))
                        .field(field);
            }
        }
        checkShared(next);
        switch (kind) {
            case EXACT, CONTAINS, SIMILARITY -> {}
            case NUMERIC -> checkTolerance(next);
            case REGEX -> {
                need(next, "pattern", kind, "a regular expression, such as '^(yes|no)$'");
                var _ = TextScorers.regex(next);
            }
            case JSON_SCHEMA -> {
                need(
                        next,
                        "schema",
                        kind,
                        "a JSON Schema, such as {type: 'object', required: ['answer']}");
                var _ = TextScorers.schema(next);
            }
            case SCRIPT -> checkSource(next, kind);
            case HUMAN -> {}
            case MODEL -> checkPrompt(next, List.of("output"));
            case PAIRWISE_MODEL -> checkPrompt(next, List.of("first", "second"));
        }
    }

    private static void need(ObjectNode next, String field, JudgeKind kind, String what) {
        if (!next.hasNonNull(field)) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "A judge of the kind %s needs %s.".formatted(kind.word(), field),
                            "Send %s: %s.".formatted(field, what))
                    .field(field);
        }
    }

    private static void checkShared(ObjectNode next) {
        for (var way : next.path("normalize")) {
            if (!WAYS.contains(way.asString(""))) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s is nothing that can be taken off a text."
                                        .formatted(Quoted.of(way)),
                                "%sUse any of: %s."
                                        .formatted(
                                                Nearest.hint(way.asString(""), WAYS),
                                                String.join(", ", WAYS)))
                        .field("normalize");
            }
        }
        var passAt = next.path("passAt").doubleValue(0);
        if (passAt < 0 || passAt > 1) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no score from which on an output passes."
                                    .formatted(Quoted.of(next.path("passAt"))),
                            "Send passAt as a number from 0 to 1; on a scale {min, max} it is the share of the way from min to max.")
                    .field("passAt");
        }
        var _ = Scale.of(next.path("scale"));
    }

    private static void checkTolerance(ObjectNode next) {
        for (var field : List.of("tolerance", "relativeTolerance")) {
            if (next.path(field).doubleValue(0) < 0) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s cannot be how far a number may be off."
                                        .formatted(Quoted.of(next.path(field))),
                                "Send %s as 0 or more.".formatted(field))
                        .field(field);
            }
        }
    }

    private static void checkSource(ObjectNode next, JudgeKind kind) {
        need(
                next,
                "source",
                kind,
                "a function as text, such as '({output, expected}) => output.length <= 200'");
        if (next.path("source").stringValue().length() > LONGEST_SOURCE) {
            throw new Refused(
                            Reason.TOO_LARGE,
                            "The function has %,d characters; %,d is the most."
                                    .formatted(
                                            next.path("source").stringValue().length(),
                                            LONGEST_SOURCE),
                            "Write a shorter function.")
                    .field("source");
        }
    }

    /// @param variables that the model must be shown
    private static void checkPrompt(ObjectNode next, List<String> variables) {
        if (next.hasNonNull("prompt")) {
            for (var field : PromptContent.FIELDS) {
                if (next.hasNonNull(field)) {
                    throw new Refused(
                                    Reason.INVALID_VALUE,
                                    "A judge has a prompt or %s, not both.".formatted(field),
                                    "Leave %s out, or make a version of the prompt that has it."
                                            .formatted(field))
                            .field(field);
                }
            }
            return;
        }
        var names = PromptContent.of(next).variables();
        for (var variable : variables) {
            if (names.stream()
                    .noneMatch(name -> name.equals(variable) || name.startsWith(variable + "."))) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "The prompt of the judge has no {{%s}}, so the model would not see what it judges."
                                        .formatted(variable),
                                "Put {{%s}} into it; {{input}} and {{expected}} are there too."
                                        .formatted(String.join("}} and {{", variables)))
                        .field("template");
            }
        }
    }

    @Override
    public void writing(
            Verb verb, String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
        var changed =
                Stream.concat(Stream.of("kind"), JudgeKind.ALL.stream())
                        .filter(field -> !Objects.equals(current.get(field), next.get(field)))
                        .findFirst();
        if (changed.isPresent() && isCalibrated(id)) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Judge %s was calibrated as it is; with another %s its calibration would be untrue."
                                    .formatted(Quoted.of(id), changed.get()),
                            "Create another judge with the changed %s, and calibrate that one."
                                    .formatted(changed.get()))
                    .field(changed.get());
        }
        if (changed.isPresent()) {
            experimentOf(id)
                    .ifPresent(experiment -> {
                        throw new Refused(
                                        Reason.ILLEGAL_TRANSITION,
                                        "Judge %s scores experiment %s; with another %s its scores would not be comparable."
                                                .formatted(
                                                        Quoted.of(id),
                                                        Quoted.of(experiment),
                                                        changed.get()),
                                        "Create another judge with the changed %s, and begin the next iteration with it."
                                                .formatted(changed.get()))
                                .field(changed.get());
                    });
        }
    }

    private boolean isCalibrated(String id) {
        return new Calibrations(scope.transaction()).count(id) > 0;
    }

    /// A running experiment whose outputs this judge scores.
    private Optional<String> experimentOf(String id) {
        return scope.objects().inOrder(scope.nouns().require("Experiment"), "judge", id).stream()
                .filter(experiment ->
                        LIVE.contains(experiment.document().path("status").asString("")))
                .map(StoredObject::id)
                .findFirst();
    }
}
