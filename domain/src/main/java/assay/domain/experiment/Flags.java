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
        var expose = options.path("expose");
        if (!expose.isMissingNode() && !expose.isNull() && !expose.isBoolean()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not valid for expose.".formatted(Quoted.of(expose)),
                            "Send expose as true or false.")
                    .field("expose");
        }
        var asked =
                new Subjects(
                        List.of(
                                new Subjects.Subject(
                                        Outcomes.name("subject", subject),
                                        Subjects.attributes(attributes))),
                        false,
                        expose.asBoolean(false));
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
        var of =
                experiment.isEmpty()
                        ? Optional.<StoredObject>empty()
                        : Holdouts.find(scope, experiment);
        for (var rule : flag.rules()) {
            if (rule.audience().misses(subject.attributes()).isEmpty()) {
                return byRule(flag, rule, of, subject.name());
            }
        }
        if (of.isPresent()) {
            return byExperiment(flag, of.get(), asked).of(of.get().id());
        }
        return experiment.isEmpty()
                ? rolledOut(flag, subject.name())
                : otherwise(flag, "the experiment was deleted: default");
    }

    private static Said byRule(
            Flag flag, Flag.Rule rule, Optional<StoredObject> experiment, String subject) {
        if (flag.bucket(subject) >= rule.buckets()) {
            return otherwise(flag, "outside the rollout of %s: default".formatted(rule.name()));
        }
        if (rule.value().isPresent()) {
            return new Said(rule.value().get(), Optional.empty(), rule.name(), Optional.empty());
        }
        var variant = rule.variant().or(() -> flag.variant(subject));
        return served(flag, variant, experiment, rule.name());
    }

    private static Said rolledOut(Flag flag, String subject) {
        return flag.bucket(subject) >= flag.rollout()
                ? otherwise(flag, "outside the rollout: default")
                : served(flag, flag.variant(subject), Optional.empty(), "rolled out");
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
        if (Leased.is(document) && !isDecided) {
            return otherwise(flag, "the experiment runs over a dataset: default");
        }
        var answer = enrolment.answers(scope.experiments(), experiment, asked).answers().getFirst();
        return answer.key().isPresent()
                ? served(flag, answer.key(), Optional.of(experiment), answer.reason())
                : otherwise(flag, answer.reason() + ": default");
    }

    /// Who is in gets the value of the variant, or the default where there is none of the flag's
    /// type: whoever asks relies on the type.
    private static Said served(
            Flag flag, Optional<String> variant, Optional<StoredObject> experiment, String reason) {
        if (variant.isEmpty()) {
            return flag.isSwitch()
                    ? new Said(BooleanNode.TRUE, variant, reason, Optional.empty())
                    : otherwise(flag, reason + ", and the flag has no variants: default");
        }
        var key = variant.get();
        return value(flag, key, experiment.map(StoredObject::document))
                .map(value -> new Said(value, variant, reason, Optional.empty()))
                .orElseGet(() ->
                        new Said(
                                flag.otherwise(),
                                variant,
                                "%s, and variant %s has no value of the type %s: default"
                                        .formatted(reason, Quoted.of(key), flag.type()),
                                Optional.empty()));
    }

    /// The value of a variant: the flag's own, else what the experiment's variant holds, else of a
    /// Boolean whether it is another one than the control, and of a text its key.
    private static Optional<JsonNode> value(
            Flag flag, String key, Optional<ObjectNode> experiment) {
        var own = flag.values().get(key);
        if (own != null && !own.isMissingNode() && !own.isNull()) {
            return Optional.of(own).filter(flag::takes);
        }
        var variant =
                experiment.stream()
                        .flatMap(document -> document.path("variants").valueStream())
                        .filter(one -> one.path("key").asString("").equals(key))
                        .findFirst();
        var held = variant.map(Design::value).filter(one -> !one.isNull());
        if (held.filter(flag::takes).isPresent()) {
            return held;
        }
        var isTreatment =
                BooleanNode.valueOf(
                        !variant.map(one -> one.path("control").asBoolean(false)).orElse(false));
        return switch (flag.type()) {
            case "Boolean" -> Optional.of(isTreatment);
            case "String" -> held.isPresent() ? Optional.empty() : Optional.of(Json.text(key));
            case "" -> Optional.of(experiment.isPresent() ? isTreatment : Json.text(key));
            default -> Optional.empty();
        };
    }
}
