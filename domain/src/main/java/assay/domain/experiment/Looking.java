package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Events;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads results. Each reading is a look: it is noted, and it may be the one at which the rule
/// fires.
final class Looking {
    private static final int MOST_LOOKS_SHOWN = 200;

    private final Scope scope;

    Looking(Scope scope) {
        this.scope = scope;
    }

    /// Reads the results, which is a look: it is logged, and it may be the one at which the rule
    /// fires.
    ///
    /// @param options see [LookRequest]
    /// @return an object, or a text where the format asks for one
    JsonNode results(StoredObject experiment, JsonNode options) {
        if (experiment.document().path("status").asString("").equals("Draft")) {
            throw Freezing.notStarted(experiment, "read results of");
        }
        var request = LookRequest.of(options);
        var document = experiment.document();
        var design = Design.of(experiment.id(), document);
        var readout = look(experiment.id(), design, request, Decision::of);
        var json =
                readout.json(
                        document.path("status").asString(""),
                        Optional.ofNullable(document.path("winner").stringValue(null)));
        return switch (request.format()) {
            case JSON -> json;
            case TEXT -> json.path("text");
            case MARKDOWN ->
                    JsonNodeFactory.instance.stringNode(
                            Markdown.of(document.path("name").asString(""), json));
        };
    }

    Readout look(String id, ObjectNode document) {
        return look(id, Design.of(id, document), LookRequest.NOTHING, Decision::of);
    }

    /// The look that ends an experiment.
    Readout atEnd(String id, ObjectNode document) {
        return look(id, Design.of(id, document), LookRequest.NOTHING, Decision::atEnd);
    }

    private Readout look(
            String id,
            Design design,
            LookRequest request,
            Function<Decision.Grounds, Decision> decide) {
        var events = scope.events();
        var exposed = new Exposed(events.exposed(id, design.iteration()));
        var before = earlier(id, design);
        var stage = Stage.of(design.rule(), exposed.total(), before);
        requireKeeping(design.rule(), stage);
        var inference = stage.inference(design.rule());
        var measured = new Measured(events, id, design);
        var share = share(design);
        var guards = 1.0 / Math.max(1, design.treatments().size() * design.guardrails().size());
        var primary = measured.analysis(design.primary(), share, inference).at(stage);
        var grounds =
                new Decision.Grounds(
                        design,
                        exposed,
                        primary,
                        measured.all(design.guardrails(), guards, inference, stage),
                        measured.all(design.secondary(), share, inference, stage),
                        before,
                        stage,
                        measured.work(),
                        design.rule().cheaper().flatMap(measured::items));
        var decision = decide.apply(grounds);
        var readout =
                new Readout(
                        id,
                        grounds,
                        decision,
                        elsewhere(id, design, primary),
                        new LinkedHashMap<>(),
                        events.newest(id),
                        events.watermark(),
                        scope.now().toEpochMilli());
        var asked = asked(request, readout, measured);
        note(id, design, readout);
        return readout.with(asked);
    }

    /// The arms of an experiment that have lost against another and are not dropped yet.
    List<Elimination.Dropped> eliminated(StoredObject experiment) {
        var design = Design.of(experiment.id(), experiment.document());
        if (!design.eliminates()) {
            return List.of();
        }
        var measured = new Measured(scope.events(), experiment.id(), design);
        var primary =
                ItemMeans.of(design, design.primary(), measured.capped(design.primary()).units());
        return new Elimination(design, primary).now();
    }

    /// The part of alpha that one comparison may use up.
    private static double share(Design design) {
        var rule = design.rule();
        if (rule.correction() == Rule.Correction.NONE) {
            return 1;
        }
        var metrics = rule.scope() == Rule.Scope.ALL ? 1 + design.secondary().size() : 1;
        return 1.0 / (design.treatments().size() * metrics);
    }

    /// What the rule needs of the looks of this iteration that count, those of this unit of work
    /// included.
    private Earlier earlier(String id, Design design) {
        var earlier = Earlier.read(scope.events(), id, design.iteration());
        for (var look : scope.looks().of(id, design.iteration())) {
            earlier = earlier.plus(look);
        }
        return earlier;
    }

    /// The last of these looks, oldest first.
    List<Events.Look> last(String id, Design design, int most) {
        var looks = new ArrayList<>(scope.events().lastCounting(id, design.iteration(), most));
        looks.addAll(scope.looks().of(id, design.iteration()));
        return looks.subList(Math.max(0, looks.size() - most), looks.size());
    }

    /// A planned look is taken once, so it must be one that is kept.
    private void requireKeeping(Rule rule, Stage stage) {
        if (stage.isNew()) {
            scope.looks()
                    .bar()
                    .or(() ->
                            scope.looks().hasAppended()
                                    ? Optional.of(
                                            "it would see events of its own script, which may yet fail")
                                    : Optional.empty())
                    .ifPresent(why -> {
                        throw new Refused(
                                Reason.INVALID_REQUEST,
                                "This is the planned look at %d %% of %s, and %s."
                                        .formatted(
                                                Math.round(100 * stage.timing().getLast()),
                                                Numbers.counted((long) rule.plannedSample()),
                                                why),
                                "Read the results in a script of its own that is no dry run: the look is logged, and it decides.");
                    });
        }
    }

    private Map<String, JsonNode> asked(LookRequest request, Readout readout, Measured measured) {
        var asked = new LinkedHashMap<String, JsonNode>();
        var isOpen = readout.decision().stage().isOpen();
        var wanted =
                request.slice().isPresent()
                        || request.methodology().isPresent()
                        || request.isTrend();
        if (wanted && !isOpen) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "The rule shows only counts until its look at %s."
                            .formatted(Numbers.counted(readout.decision().stage().due())),
                    "Read the results without options, or wait for the look.");
        }
        if (wanted && readout.design().allocation().isPresent()) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "The traffic of this experiment follows the data, so slices, trends and other methodologies would be biased.",
                    "Read the results without slice, trend and methodology.");
        }
        if (isOpen && readout.design().allocation().isEmpty()) {
            Factorial.of(readout.grounds()).ifPresent(effects -> asked.put("factorial", effects));
        }
        readout.design()
                .rule()
                .programme()
                .ifPresent(one -> asked.put("programme", new Programmes(scope).ledger(one)));
        if (isOpen) {
            readout.design()
                    .leased()
                    .flatMap(Leased::judge)
                    .flatMap(scope.judges())
                    .flatMap(report -> JudgeCorrection.of(readout.grounds(), report))
                    .ifPresent(judge -> asked.put("judge", judge));
        }
        request.slice()
                .ifPresent(name ->
                        asked.put("slices", new Slices(readout.grounds(), measured).json(name)));
        if (request.isTrend()) {
            asked.put(
                    "trend",
                    new Trend(readout.grounds(), measured, scope.now().toEpochMilli()).json());
        }
        request.methodology()
                .ifPresent(other ->
                        asked.put("described", Described.json(readout.grounds(), measured, other)));
        if (request.isSeries()) {
            var shown = last(readout.id(), readout.design(), MOST_LOOKS_SHOWN);
            asked.put(
                    "looks",
                    Readout.series(shown, readout.grounds().before().looks() - shown.size()));
        }
        return asked;
    }

    private void note(String id, Design design, Readout readout) {
        scope.looks()
                .add(
                        new Experiments.PendingLook(
                                id,
                                design.iteration(),
                                scope.looks().hasAppended(),
                                false,
                                new Events.Look(
                                        0,
                                        readout.now(),
                                        scope.actor(),
                                        readout.watermark(),
                                        true,
                                        readout.decision().verdict().word(),
                                        readout.numbers())));
    }

    /// Outcomes of metrics that are not looked at, if the primary one has no outcome at all.
    private long elsewhere(String id, Design design, Analysis primary) {
        if (primary.arms().values().stream().anyMatch(side -> side.nonzero() > 0)) {
            return 0;
        }
        var counts = scope.events().outcomesByMetric(id, design.iteration());
        if (design.primary().events().stream().anyMatch(counts::containsKey)) {
            return 0;
        }
        counts.keySet().removeAll(design.metricNames());
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The refusal of a slice by an attribute that the design does not declare.
    static Refused unknownAttribute(String name, List<String> declared) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "The experiment declares no attribute %s.".formatted(Quoted.of(name)),
                        declared.isEmpty()
                                ? "Declare attributes before the start, such as attributes: ['country'], and send them with assign."
                                : assay.domain.Nearest.hint(name, declared)
                                        + "Slice by one of: %s.".formatted(Quoted.all(declared)))
                .field("slice");
    }
}
