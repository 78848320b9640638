package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/// Says what a flag is for a subject. Nothing is written, unless the caller wants the exposure in
/// the flag's experiment recorded.
final class Flags {
    private final Scope scope;
    private final Enrolment enrolment;

    Flags(Scope scope, Enrolment enrolment) {
        this.scope = scope;
        this.enrolment = enrolment;
    }

    /// Says what a flag is for one subject.
    ///
    /// @param attributes an object, or nothing
    /// @param options `{expose: true}` records the exposure in the flag's experiment
    /// @return `{key, value, variant, reason, experiment?}`
    ObjectNode evaluate(
            StoredObject stored, JsonNode subject, JsonNode attributes, JsonNode options) {
        for (var option : options.propertyNames()) {
            if (!option.equals("expose")) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "evaluate has no option %s.".formatted(Quoted.of(option)),
                                "Send {expose: true}, or nothing.")
                        .field(option);
            }
        }
        var asked =
                new Subjects(
                        List.of(
                                new Subjects.Subject(
                                        Outcomes.name("subject", subject),
                                        Subjects.attributes(attributes))),
                        false,
                        options.path("expose").asBoolean(false));
        var flag = Flag.of(stored);
        var said = said(flag, stored.document().path("experiment").asString(""), asked);
        var json = Json.object().put("key", flag.key());
        json.set("value", said.value());
        json.put("variant", said.variant().orElse(null)).put("reason", said.reason());
        said.experiment().ifPresent(id -> json.put("experiment", id));
        return json;
    }

    /// What a flag is for a subject.
    private record Said(
            JsonNode value, Optional<String> variant, String reason, Optional<String> experiment) {
        Said of(String id) {
            return new Said(value, variant, reason, Optional.of(id));
        }
    }

    private static Said otherwise(Flag flag, String reason) {
        return new Said(flag.otherwise(), Optional.empty(), reason, Optional.empty());
    }

    private Said said(Flag flag, String experiment, Subjects asked) {
        var subject = asked.all().getFirst();
        if (!flag.isOn()) {
            return otherwise(flag, "the flag is %s: default".formatted(flag.status()));
        }
        var missed = flag.only().flatMap(only -> only.misses(subject.attributes()));
        if (missed.isPresent()) {
            return otherwise(flag, "outside the targeting rules: " + missed.get());
        }
        for (var rule : flag.rules()) {
            if (rule.audience().misses(subject.attributes()).isEmpty()) {
                return byRule(flag, rule, subject.name());
            }
        }
        return Optional.of(experiment)
                .filter(id -> !id.isEmpty())
                .flatMap(id -> Holdouts.find(scope, id))
                .map(found -> byExperiment(flag, found, asked).of(found.id()))
                .orElseGet(() -> rolledOut(flag, subject.name()));
    }

    private static Said byRule(Flag flag, Flag.Rule rule, String subject) {
        if (flag.bucket(subject) >= rule.buckets()) {
            return otherwise(flag, "outside the rollout of %s: default".formatted(rule.name()));
        }
        var variant =
                rule.variant()
                        .or(() ->
                                rule.value().isPresent()
                                        ? Optional.empty()
                                        : flag.variant(subject));
        var value =
                rule.value()
                        .orElseGet(() ->
                                variant.map(key -> value(flag, key, Optional.empty()))
                                        .orElse(BooleanNode.TRUE));
        return new Said(value, variant, rule.name(), Optional.empty());
    }

    private static Said rolledOut(Flag flag, String subject) {
        if (flag.bucket(subject) >= flag.rollout()) {
            return otherwise(flag, "outside the rollout: default");
        }
        var variant = flag.variant(subject);
        return new Said(
                variant.map(key -> value(flag, key, Optional.empty())).orElse(BooleanNode.TRUE),
                variant,
                "rolled out",
                Optional.empty());
    }

    private Said byExperiment(Flag flag, StoredObject experiment, Subjects asked) {
        var subject = asked.all().getFirst().name();
        var document = experiment.document();
        var status = document.path("status").asString("");
        if (status.equals("Draft")) {
            return otherwise(flag, "the experiment has not started: default");
        }
        var isDecided = List.of("Concluded", "Completed").contains(status);
        if (isDecided && document.path("winner").asString("").isEmpty()) {
            return otherwise(flag, "the experiment was concluded without a winner: default");
        }
        if (isDecided && flag.bucket(subject) >= flag.rollout()) {
            return otherwise(flag, "outside the rollout of the winner: default");
        }
        var answered = enrolment.answers(scope.experiments(), experiment, asked);
        var answer = answered.answers().getFirst();
        return answer.key()
                .map(key ->
                        new Said(
                                value(flag, key, Optional.of(answered.assignment())),
                                Optional.of(key),
                                answer.reason(),
                                Optional.empty()))
                .orElseGet(() -> otherwise(flag, answer.reason() + ": default"));
    }

    /// The value of a variant: the flag's own, else what the experiment's variant holds, else
    /// whether it is another one than the control.
    private static JsonNode value(Flag flag, String key, Optional<Assignment> assignment) {
        var own = flag.values().get(key);
        if (own != null && !own.isMissingNode() && !own.isNull()) {
            return own;
        }
        var served =
                assignment
                        .map(known -> known.value(Optional.of(key)))
                        .filter(value -> !value.isNull());
        if (served.isPresent()) {
            return served.get();
        }
        return flag.type().equals("Boolean") || (flag.type().isEmpty() && assignment.isPresent())
                ? BooleanNode.valueOf(
                        assignment
                                .map(known -> !known.design().control().key().equals(key))
                                .orElse(true))
                : Json.text(key);
    }
}
