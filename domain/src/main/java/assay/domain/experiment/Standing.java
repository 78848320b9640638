package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Refused;
import assay.domain.experiment.Warning.Step;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Where an experiment stands, for whoever takes it up again: its state, the verdict of its last
/// look, how much is done and left, and what to call next. Under 300 tokens, whatever names are in
/// it. To read it is no look.
final class Standing {
    /// Of 300 tokens, at four characters each.
    static final int LONGEST = 1_190;

    private final Scope scope;
    private final ObjectNode document;
    private final String id;
    private final String status;
    private final Supplier<Work> work;

    /// @param work how far a leased experiment is; asked only for one that has started and not
    ///   ended
    Standing(Scope scope, StoredObject experiment, Supplier<Work> work) {
        this.scope = scope;
        this.work = work;
        this.document = experiment.document();
        this.id = experiment.id();
        this.status = word("status");
    }

    private String word(String field) {
        return document.path(field).asString("");
    }

    String text() {
        return switch (status) {
            case "Draft" -> draft();
            case "Started", "Running", "Paused" -> live();
            default -> ended();
        };
    }

    /// What must be told, and before its end as much of the rest as there is room for, the most
    /// important first.
    private static String joined(String state, List<String> rest, Optional<Step> next) {
        var last =
                next.map(step -> "Next: %s Code: %s".formatted(step.why(), step.code())).orElse("");
        var room = LONGEST - state.length() - last.length();
        var text = new StringBuilder(state);
        for (var sentence : rest) {
            room -= 1 + sentence.length();
            if (room > 0) {
                text.append(' ').append(sentence);
            }
        }
        return (text + " " + last).strip();
    }

    private String draft() {
        var rest = new ArrayList<String>();
        var startsByItself = document.path("scheduled").asBoolean(false);
        if (startsByItself) {
            rest.add("It starts by itself at %s.".formatted(word("startAt")));
        }
        try {
            var design = Design.of(id, document);
            Cohorts.require(design);
            rest.add(question(design));
            hypothesis().ifPresent(rest::add);
            return joined(
                    state(""),
                    rest,
                    Optional.of(
                            startsByItself
                                    ? new Step(
                                            "wait for it, or take the time away and start it now.",
                                            "await $.Experiment.update('%s', {startAt: null}); await $.Experiment.start('%s')"
                                                    .formatted(id, id))
                                    : new Step(
                                            "start it; metrics, variants and rule are frozen from then on.",
                                            "await $.Experiment.start('%s')".formatted(id))));
        } catch (Refused refused) {
            rest.addFirst(
                    "It cannot start yet: %s %s".formatted(refused.problem(), refused.repair()));
            hypothesis().ifPresent(rest::add);
            return joined(
                    state(""),
                    rest,
                    Optional.of(
                            new Step(
                                    "complete it, then start it.",
                                    "await $.Experiment.update('%s', params.changes); await $.Experiment.start('%s')"
                                            .formatted(id, id))));
        }
    }

    private String live() {
        var design = Design.of(id, document);
        var outcome = Outcome.of(scope.events(), id, document);
        var units = new Exposed(scope.events().exposed(id, design.iteration()));
        var leased = design.leased().map(_ -> work.get());
        var total = leased.map(Work::units).orElseGet(units::total);
        var rest = new ArrayList<String>();
        rest.add(outcome.map(look -> look(look, design, total)).orElse("No look yet."));
        leased.ifPresentOrElse(
                work -> {
                    rest.add(work.text(design.leased().orElseThrow().split()));
                    rest.add(work.arms());
                },
                () -> rest.add("Units: %s.".formatted(units(design, units))));
        rest.add(question(design));
        hypothesis().ifPresent(rest::add);
        return joined(
                state("since " + word("startAt")),
                rest,
                Optional.of(next(design, outcome, total, leased)));
    }

    private static String units(Design design, Exposed units) {
        return Named.some(
                design.arms().stream()
                        .map(arm -> Named.brief(arm.key()) + " " + units.of(arm.key()))
                        .toList());
    }

    private static String look(Outcome look, Design design, long units) {
        var text =
                new StringBuilder("Last look (no. %d, %s): ".formatted(look.looks(), look.at()))
                        .append(look.verdict())
                        .append(" at ")
                        .append(look.units())
                        .append(" units");
        look.effectText(design.control().key())
                .ifPresent(effect -> text.append("; ").append(effect));
        if (units > look.units()) {
            text.append("; %d units came since".formatted(units - look.units()));
        }
        return text.append('.').toString();
    }

    private Step next(Design design, Optional<Outcome> look, long units, Optional<Work> leased) {
        if (status.equals("Paused")) {
            return new Step(
                    "it is paused and nobody new enters; resume it.",
                    "await $.Experiment.resume('%s')".formatted(id));
        }
        return switch (look.map(Outcome::verdict).orElse("")) {
            case "ship" ->
                    new Step(
                            "the rule has fired; ending it names the winner.",
                            "await $.Experiment.conclude('%s')".formatted(id));
            case "rollback", "futile" ->
                    new Step(
                            "more data will not make a treatment win; end it without a winner.",
                            "await $.Experiment.conclude('%s')".formatted(id));
            case "invalid" ->
                    new Step(
                            "find the fault, end this experiment and begin anew.",
                            "await $.Experiment.stop('%s')".formatted(id));
            default -> goOn(design, units, leased);
        };
    }

    private Step goOn(Design design, long units, Optional<Work> leased) {
        return IsoTime.parse(word("endAt"))
                .filter(end -> !scope.now().isBefore(end))
                .map(end ->
                        new Step(
                                "its endAt, %s, has passed, and nobody new enters; look, and conclude."
                                        .formatted(IsoTime.text(end)),
                                "return await $.Experiment.results('%s')".formatted(id)))
                .or(() -> leased.map(work -> work.next(id)))
                .orElseGet(() -> goOnline(design, units));
    }

    private Step goOnline(Design design, long units) {
        return new Step(
                units == 0
                        ? "give units their variant, record what they do, look."
                        : "more units, then look again; looking often costs nothing.",
                ("await $.Experiment.assign('%s', params.subjects); await $.Experiment.record('%s', params.outcomes);"
                                + " /* [{subject, metric: %s, value}] */ return await $.Experiment.results('%s')")
                        .formatted(id, id, Json.text(design.primary().usualEvent()), id));
    }

    private String ended() {
        var rest = new ArrayList<String>();
        var outcome = Outcome.of(scope.events(), id, document);
        var end = word("endAt");
        outcome.ifPresent(one -> rest.add(came(one)));
        if (outcome.isEmpty()) {
            rest.add("Nobody ever looked at its results.");
        }
        if (!word("endedReason").isEmpty()) {
            rest.add("Why: " + Quoted.of(word("endedReason")) + ".");
        }
        hypothesis().ifPresent(rest::add);
        return joined(state(end.isEmpty() ? "" : "ended " + end), rest, after());
    }

    private String came(Outcome outcome) {
        var winner =
                status.equals("Stopped") || outcome.confidence().isEmpty()
                        ? "nobody decided"
                        : outcome.winner()
                                .map(key -> "winner " + Named.brief(key))
                                .orElse("no winner");
        var text =
                new StringBuilder(
                        "%s: %s at %s"
                                .formatted(
                                        winner,
                                        outcome.verdict(),
                                        Numbers.counted(outcome.units())));
        text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
        outcome.effectText(control()).ifPresent(effect -> text.append("; ").append(effect));
        outcome.confidence()
                .ifPresent(value -> text.append(", confidence ").append(Numbers.brief(value)));
        return text.append('.').toString();
    }

    private String control() {
        return control(document);
    }

    /// The key of the control of a document.
    static String control(ObjectNode document) {
        return document.path("variants")
                .valueStream()
                .filter(variant -> variant.path("control").asBoolean(false))
                .map(variant -> variant.path("key").asString(""))
                .findFirst()
                .orElse("control");
    }

    private Optional<Step> after() {
        return switch (status) {
            case "Concluded" ->
                    Optional.of(
                            new Step(
                                    "assign serves %s to everybody; complete it when no code asks any more."
                                            .formatted(
                                                    Named.brief(
                                                            word("winner").isEmpty()
                                                                    ? control()
                                                                    : word("winner"))),
                                    "await $.Experiment.complete('%s')".formatted(id)));
            case "Stopped" ->
                    Optional.of(
                            new Step(
                                    "read what there is, and archive it.",
                                    "await $.Experiment.archive('%s')".formatted(id)));
            case "Completed" ->
                    Optional.of(
                            new Step(
                                    "nothing is left to do; its certificate tells what the conclusion rests on.",
                                    "return await $.Experiment.certificate('%s')".formatted(id)));
            default ->
                    Optional.of(
                            new Step(
                                    "nothing is left to do; its history tells what was.",
                                    "return await $.Experiment.history('%s')".formatted(id)));
        };
    }

    private String state(String when) {
        var type = word("type");
        var iteration = document.path("iteration").asInt(1);
        return "%s %s is %s%s%s."
                .formatted(
                        type.isEmpty() ? "Experiment" : type,
                        Named.brief(word("name")),
                        status,
                        iteration > 1 ? ", iteration " + iteration : "",
                        when.isEmpty() ? "" : ", " + when);
    }

    private Optional<String> hypothesis() {
        return Optional.of(word("hypothesis"))
                .filter(text -> !text.isBlank())
                .map(text -> "Hypothesis: " + Quoted.of(text) + ".");
    }

    private static String question(Design design) {
        var rule = design.rule();
        var effect =
                rule.negligible()
                        .map(size ->
                                ", differences below %s do not count"
                                        .formatted(
                                                size.isRelative()
                                                        ? Numbers.percent(size.size()).substring(1)
                                                        : Numbers.brief(size.size())))
                        .orElse("");
        return "Compares %s with %s on %s (%s is better%s; %s, alpha %s, planned for %s units)."
                .formatted(
                        Named.some(
                                design.treatments().stream()
                                        .map(arm -> Named.brief(arm.key()))
                                        .toList()),
                        Named.brief(design.control().key()),
                        Named.brief(design.primary().name()),
                        design.primary().direction().sign() > 0 ? "more" : "less",
                        effect,
                        rule.methodology().word(),
                        Numbers.brief(rule.alpha()),
                        Numbers.whole(rule.plannedSample()));
    }
}
