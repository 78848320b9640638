package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Rules;
import assay.domain.noun.Verb;
import assay.domain.recipe.RecipeRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What the built-in nouns demand beyond their definitions.
public final class NounRules {
    private static final Rules FLAG = new OfFlag();
    private static final Rules EVENT = new OfEvent();
    private static final Rules HOOK = new OfHook();
    private static final Rules RECIPE = new RecipeRules();

    private NounRules() {}

    /// The rules by the noun's name, within one unit of work.
    public static Map<String, Rules> of(Experiments experiments) {
        return Map.of(
                "Experiment", new OfExperiment(experiments),
                "FeatureFlag", FLAG,
                "Event", EVENT,
                "Hook", HOOK,
                "Recipe", RECIPE);
    }

    /// Variants and metrics have one stored form; the control is named in one way. What a verb
    /// means for a running comparison is the engine's.
    private static final class OfExperiment implements Rules {
        private static final List<String> SERVE = List.of("assigned", "none");
        private static final List<String> METRICS =
                List.of("metrics", "secondaryMetrics", "guardrails");

        private final Experiments experiments;

        OfExperiment(Experiments experiments) {
            this.experiments = experiments;
        }

        @Override
        public void complete(ObjectNode data, ObjectNode next) {
            checkPercent("Experiment", "trafficAllocation", next);
            checkServe(next);
            for (var field : METRICS) {
                if (data.hasNonNull(field)) {
                    var metrics = Metrics.parse(field, next.get(field));
                    for (var i = 0; i < metrics.size(); i++) {
                        var path = "%s[%d]".formatted(field, i);
                        experiments.requireReadable(path, Metric.of(path, metrics.get(i), false));
                    }
                    next.set(field, metrics);
                }
            }
            MetricRoles.completePrimary(next);
            if (data.hasNonNull("rule")) {
                var _ = Rule.of(next.get("rule"));
                RuleText.forget(next.get("rule"));
            }
            if (data.hasNonNull("plan")) {
                var _ = Expectation.ofField(next.get("plan"));
            }
            DesignFields.beforeVariants(data, next);
            var isTouched = data.hasNonNull("variants") || data.hasNonNull("control");
            if (isTouched && next.hasNonNull("variants")) {
                next.set("variants", variants(data, next).toJson());
            }
            DesignFields.afterVariants(data, next);
        }

        @Override
        public boolean isDone(Verb verb, String id, ObjectNode current, ObjectNode sent) {
            Freezing.requireNotWaiting(verb.name(), id, current);
            return Closing.isDone(verb.name(), id, current, sent);
        }

        @Override
        public Set<String> proposals(Verb verb) {
            return switch (verb.name()) {
                case "conclude" -> Set.of("winner");
                case "iterate" -> Iterations.OPTIONS;
                default -> Set.of();
            };
        }

        /// An experiment whose time is still to come waits for it as a draft.
        @Override
        public String target(Verb verb, String target, ObjectNode next) {
            if (!verb.name().equals("start") || !experiments.isEarly(next)) {
                return target;
            }
            next.put("scheduled", true);
            return "Draft";
        }

        @Override
        public void writing(
                Verb verb, String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
            experiments.writing(verb, id, current, next, sent);
        }

        @Override
        public void rollingBack(String id) {
            if (experiments.isExposed(id)) {
                throw new Refused(
                        Reason.ILLEGAL_TRANSITION,
                        "Experiment %s has exposures; an old state would contradict them."
                                .formatted(Quoted.of(id)),
                        "Stop it and create a new experiment from the old fields; history(id) has them.");
            }
        }

        /// Subjects are still being shown its variants.
        @Override
        public void deleting(String id, ObjectNode current) {
            if (Freezing.isLive(current)) {
                throw new Refused(
                                Reason.ILLEGAL_TRANSITION,
                                "Experiment %s is %s and cannot be deleted."
                                        .formatted(
                                                Quoted.of(id),
                                                current.path("status").stringValue()),
                                "Stop it with $.Experiment.stop('%s'), or conclude it, then delete it."
                                        .formatted(id))
                        .fix("await $.Experiment.stop('%s')".formatted(id));
            }
        }

        @Override
        public String insteadOf(String computed) {
            return switch (computed) {
                case "winner" ->
                        "Leave winner out: $.Experiment.conclude(id) names it when the rule has fired, and conclude(id, {winner, reason}) names another one.";
                case "iteration", "iterations", "seed" ->
                        "Leave %s out: $.Experiment.iterate(id, changes) begins the next iteration."
                                .formatted(computed);
                case "cohorts" ->
                        "Leave cohorts out: an update of the weights, of trafficAllocation, or with another variant opens the next one.";
                case "layerBuckets", "scheduled", "families" -> "Leave %s out.".formatted(computed);
                case "dropped" ->
                        "Leave dropped out: under allocation {policy: 'elimination'} the engine drops arms; to drop one yourself, send it with weight 0.";
                case "units", "testUses" ->
                        "Leave %s out: it follows from the dataset at the start."
                                .formatted(computed);
                default -> "Leave %s out: $.Experiment.results(id) tells it.".formatted(computed);
            };
        }

        private static void checkServe(ObjectNode next) {
            if (next.hasNonNull("serve") && !SERVE.contains(next.path("serve").asString(""))) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s is not what an ended experiment can serve."
                                        .formatted(Quoted.of(next.path("serve"))),
                                "Send serve as one of: %s.".formatted(String.join(", ", SERVE)))
                        .field("serve");
            }
        }

        private static Variants variants(ObjectNode data, ObjectNode next) {
            var variants = Variants.parse(next.get("variants"));
            if (!next.hasNonNull("control")) {
                return variants;
            }
            var control = next.get("control").stringValue();
            var declared = variants.control().map(Variant::key).orElse(control);
            if (data.hasNonNull("variants") && variants.marked() && !declared.equals(control)) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "Variant %s is marked as the control, and control is %s."
                                        .formatted(Quoted.of(declared), Quoted.of(control)),
                                "Send control as the key of the marked variant, or mark none.")
                        .field("control");
            }
            return variants.withControl(control);
        }
    }

    /// A roll-out to less than everybody leaves the flag enabled.
    private static final class OfFlag implements Rules {
        private static final String SHARE = "rolloutPercentage";

        /// On and off are the two ends of the percentage.
        @Override
        public void prepare(ObjectNode data) {
            if (data.path(SHARE).isBoolean()) {
                data.put(SHARE, data.path(SHARE).booleanValue() ? 100 : 0);
            }
        }

        @Override
        public String target(Verb verb, String target, ObjectNode next) {
            var isPartial = next.path(SHARE).doubleValue(100) < 100;
            return verb.name().equals("rollout") && isPartial ? "Enabled" : target;
        }

        @Override
        public void complete(ObjectNode data, ObjectNode next) {
            checkPercent("FeatureFlag", SHARE, next);
            Flag.require(data, next);
        }
    }

    /// An event without a name is called after its type, and may be numbered with numbers.
    private static final class OfEvent implements Rules {
        @Override
        public void prepare(ObjectNode data) {
            if (!data.hasNonNull("name") && data.hasNonNull("type")) {
                data.set("name", data.get("type"));
            }
            if (data.path("eventId").isIntegralNumber()) {
                data.put("eventId", data.path("eventId").asString());
            }
        }
    }

    /// A hook of a file would come back with the next change of the folder.
    private static final class OfHook implements Rules {
        @Override
        public void deleting(String id, ObjectNode current) {
            if (current.hasNonNull("file")
                    && current.path("status").asString("").equals("Enabled")) {
                throw new Refused(
                                Reason.ILLEGAL_TRANSITION,
                                "Hook %s comes from the file %s in the folder hooks."
                                        .formatted(Quoted.of(id), Quoted.of(current.path("file"))),
                                "Switch it off with $.Hook.disable('%s'), or take its file away."
                                        .formatted(id))
                        .fix("await $.Hook.disable('%s')".formatted(id));
            }
        }
    }

    private static void checkPercent(String noun, String field, ObjectNode next) {
        var percent = next.path(field).doubleValue(0);
        if (percent < 0 || percent > 100) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a percentage, which %s.%s needs."
                                    .formatted(Quoted.of(next.path(field)), noun, field),
                            "Send %s as a number from 0 to 100.".formatted(field))
                    .field(field);
        }
    }
}
