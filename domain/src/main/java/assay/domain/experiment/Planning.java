package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells before the data come what a design takes, and warns when it starts without a chance.
final class Planning {
    private static final double DAY = Duration.ofDays(1).toMillis();
    private static final List<String> OPTIONS =
            Stream.concat(
                            Expectation.MEMBERS.stream(),
                            Stream.of("trafficAllocation", "variants", "rule", "alpha"))
                    .toList();

    private final Scope scope;

    Planning(Scope scope) {
        this.scope = scope;
    }

    /// The plan of a design that is only thought about, see [DraftDesign#of].
    static ObjectNode ofDraft(ObjectNode design) {
        return PlanReadout.of(Considered.draft(design)).json();
    }

    /// The plan of an experiment: what is given here goes first, then what was observed, then its
    /// field `plan`.
    ///
    /// @param more members of an [Expectation], and what to change of the design for once
    ObjectNode of(StoredObject experiment, JsonNode more) {
        return PlanReadout.of(considered(experiment, options(more))).json();
    }

    private Considered considered(StoredObject experiment, ObjectNode options) {
        var document = experiment.document().deepCopy();
        for (var field : List.of("trafficAllocation", "variants", "rule")) {
            if (options.hasNonNull(field)) {
                document.remove("cohorts");
                document.set(
                        field,
                        field.equals("variants")
                                ? Variants.parse(options.get(field)).toJson()
                                : options.get(field));
            }
        }
        if (options.hasNonNull("alpha")) {
            var rule =
                    document.path("rule") instanceof ObjectNode declared
                            ? declared
                            : document.putObject("rule");
            rule.set("alpha", options.get("alpha"));
        }
        var design = Design.of(experiment.id(), document);
        var seen = observed(experiment);
        var expected =
                Expectation.of("", options)
                        .or(seen.map(Observed::expectation).orElse(Expectation.NONE))
                        .or(Expectation.ofField(document.path("plan")));
        return considered(experiment.id(), document, design, expected, seen.map(Observed::toJson));
    }

    private Considered considered(
            String id,
            ObjectNode document,
            Design design,
            Expectation expected,
            Optional<ObjectNode> soFar) {
        return new Considered(
                Optional.of(id),
                document,
                true,
                design,
                expected,
                expected.days().isPresent() ? expected.days() : until(document),
                soFar);
    }

    /// What comes of an experiment when it is run many times with made-up units, see [Simulation].
    ///
    /// @param options of the simulation, and those of a plan
    ObjectNode simulate(StoredObject experiment, JsonNode options) {
        var request = SimulationRequest.of(options);
        requireOptions(request, OPTIONS);
        return SimulationReadout.of(considered(experiment, options(request.rest())), request)
                .json();
    }

    /// The same of a design that is only thought about.
    static ObjectNode simulateDraft(ObjectNode design, JsonNode options) {
        var request = SimulationRequest.of(options);
        requireOptions(request, DraftDesign.MEMBERS);
        for (var member : design.propertyNames()) {
            if (SimulationRequest.OWN.contains(member) && !DraftDesign.MEMBERS.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A design has no member %s; it is an option of simulate."
                                        .formatted(Quoted.of(member)),
                                "Call simulate(design, {%s: …}), with the options behind the design."
                                        .formatted(member))
                        .field(member);
            }
        }
        var draft = design.deepCopy();
        draft.setAll(request.rest());
        return SimulationReadout.of(Considered.draft(draft), request).json();
    }

    private static void requireOptions(SimulationRequest request, List<String> ofPlan) {
        for (var option : request.rest().propertyNames()) {
            if (!ofPlan.contains(option)) {
                var known = Stream.concat(SimulationRequest.OWN.stream(), OPTIONS.stream());
                throw unknown("simulate", option, known.distinct().toList());
            }
        }
    }

    private static Refused unknown(String call, String option, List<String> known) {
        return new Refused(
                        Reason.UNKNOWN_FIELD,
                        "%s has no option %s.".formatted(call, Quoted.of(option)),
                        Nearest.hint(option, known)
                                + "Use: %s.".formatted(String.join(", ", known)))
                .field(option);
    }

    private static ObjectNode options(JsonNode more) {
        if (more.isMissingNode() || more.isNull()) {
            return Json.object();
        }
        if (!(more instanceof ObjectNode options)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "plan cannot take %s.".formatted(Quoted.of(more)),
                    "Call plan(id, {baseline, minimumEffect, perDay}), or plan(design).");
        }
        for (var option : options.propertyNames()) {
            if (!OPTIONS.contains(option)) {
                throw unknown("plan", option, OPTIONS);
            }
        }
        return options;
    }

    /// What the control came to so far, and how many units a day there were.
    private record Observed(
            Optional<Expectation.Baseline> baseline,
            OptionalDouble perDay,
            long units,
            OptionalDouble correlation) {
        Expectation expectation() {
            return new Expectation(
                    baseline,
                    Optional.empty(),
                    OptionalDouble.empty(),
                    perDay,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    correlation);
        }

        ObjectNode toJson() {
            var json = Json.object().put("units", units);
            baseline.ifPresent(known -> json.put("baseline", known.mean()).put("sd", known.sd()));
            perDay.ifPresent(rate -> json.put("perDay", rate));
            correlation.ifPresent(known -> json.put("correlation", known));
            return json;
        }
    }

    private Optional<Observed> observed(StoredObject experiment) {
        var document = experiment.document();
        if (document.path("status").asString("").equals("Draft")) {
            return Optional.empty();
        }
        var design = Design.of(experiment.id(), document);
        var units =
                new Exposed(scope.events().exposed(experiment.id(), design.iteration())).total();
        var analysis = analysis(experiment.id(), design);
        var control = Objects.requireNonNull(analysis.arms().get(design.control().key()));
        // Before its look a planned test shows counts only.
        var enough =
                design.rule().methodology().isAnytime()
                        && control.units() >= design.rule().burnInPerArm();
        var running = millis(document, "startAt").map(start -> scope.now().toEpochMilli() - start);
        return Optional.of(
                new Observed(
                        enough ? baseline(control) : Optional.empty(),
                        running.filter(time -> time >= DAY && units > 0 && design.coverage() > 0)
                                .map(time ->
                                        OptionalDouble.of(units / (time / DAY) / design.coverage()))
                                .orElse(OptionalDouble.empty()),
                        units,
                        enough ? correlation(design, analysis, control) : OptionalDouble.empty()));
    }

    private Analysis analysis(String id, Design design) {
        return new Measured(scope.events(), id, design)
                .analysis(design.primary(), 1, Inference.of(design.rule()));
    }

    /// How much two runs of the same item have in common, by the first treatment's items.
    private static OptionalDouble correlation(Design design, Analysis analysis, Side control) {
        if (analysis.items().isEmpty() || design.leased().isEmpty()) {
            return OptionalDouble.empty();
        }
        var pairs =
                PairedAnalysis.pairs(
                        design,
                        analysis.metric(),
                        analysis.items().get(),
                        design.treatments().getFirst().key());
        var variance = pairs.moments().variance().toOptional();
        var ofItems = control.shown().variance();
        return variance.isPresent() && ofItems.isPresent()
                ? Pairing.correlation(
                        design.leased().get().repetitions(), ofItems.get(), variance.get())
                : OptionalDouble.empty();
    }

    /// A rate if every unit came to 0 or 1: then alone the sum is the sum of squares.
    private static Optional<Expectation.Baseline> baseline(Side control) {
        var shown = control.shown();
        var mean = shown.mean().orElse(0.0);
        if (control instanceof Side.Totals totals
                && totals.sums().x().sum().equals(totals.sums().x().squares())) {
            return mean > 0 && mean < 1
                    ? Optional.of(Expectation.Baseline.rate(mean))
                    : Optional.empty();
        }
        return shown.variance()
                .filter(variance -> variance > 0)
                .map(variance -> new Expectation.Baseline(mean, Math.sqrt(variance), false));
    }

    /// Days from the start, or from now, to the end that is set.
    private OptionalDouble until(ObjectNode document) {
        var start = millis(document, "startAt").orElse(scope.now().toEpochMilli());
        return millis(document, "endAt")
                .filter(end -> end > start)
                .map(end -> OptionalDouble.of((end - start) / DAY))
                .orElse(OptionalDouble.empty());
    }

    private static Optional<Long> millis(ObjectNode document, String field) {
        return IsoTime.parse(document.path(field).asString("")).map(Instant::toEpochMilli);
    }

    /// Warns of an experiment that is about to start and cannot come to a decision with the traffic
    /// and within the time that its plan names.
    void starting(String id, ObjectNode next) {
        var expected = Expectation.ofField(next.path("plan"));
        var design = Design.of(id, next);
        var isKnown =
                expected.baseline().isPresent()
                        && (expected.effect().isPresent()
                                || design.rule().minimumEffect().isPresent());
        if (!isKnown) {
            return;
        }
        var readout = PlanReadout.of(considered(id, next, design, expected, Optional.empty()));
        if (!readout.isFeasible()) {
            scope.warnings().add(new Warning("start", id, readout.why(), readout.steps()));
        }
        readout.shortfall("start").ifPresent(scope.warnings()::add);
    }
}
