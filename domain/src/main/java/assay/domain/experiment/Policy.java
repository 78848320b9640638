package assay.domain.experiment;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What has to be shown of a treatment before the rule ships it, or rolls the experiment back.
///
/// @param primary what the primary metric has to show
/// @param guardrails what the guardrails have to show
/// @param from how much data it takes
/// @param retreat when to roll back
record Policy(Shown primary, Kept guardrails, From from, Retreat retreat) {
    /// What the primary metric shows.
    enum Shown implements Worded {
        /// The treatment beats the control.
        BETTER,
        /// The treatment is worse by no more than the metric's margin.
        NON_INFERIOR,
        /// The treatment is not shown to be worse.
        NOT_WORSE;
    }

    /// What the guardrails show.
    enum Kept implements Worded {
        /// None is shown to be worse by more than its margin.
        NOT_BREACHED,
        /// Each is shown to be worse by no more than its margin.
        NON_INFERIOR,
        /// Anything.
        IGNORED;
    }

    /// From when on.
    enum From implements Worded {
        BURN_IN,
        PLANNED_SAMPLE;
    }

    /// When to roll back.
    ///
    /// @param onPrimary when a treatment is shown to be worse
    /// @param onGuardrails when a treatment is shown to breach a guardrail
    /// @param byEvery true when every treatment has to be as bad, false when one is enough
    record Retreat(boolean onPrimary, boolean onGuardrails, boolean byEvery) {}

    /// Ships what is better, rolls back when all is bad.
    static final Policy CLEAR_SIGNALS =
            new Policy(
                    Shown.BETTER, Kept.NOT_BREACHED, From.BURN_IN, new Retreat(true, true, true));

    private enum Arms implements Worded {
        EVERY,
        ANY
    }

    private enum Worse implements Worded {
        WORSE,
        IGNORED
    }

    private enum Breached implements Worded {
        BREACHED,
        IGNORED
    }

    /// Reads `ship: {primary, guardrails, from}` and `rollback: {primary, guardrails, arms}`.
    ///
    /// @param usual what holds where nothing is said
    static Policy read(Declaration rule, Policy usual) {
        var ship =
                rule.within(
                        "ship", List.of("primary", "guardrails", "from"), "{primary: 'better'}");
        var rollback =
                rule.within(
                        "rollback", List.of("primary", "guardrails", "arms"), "{arms: 'every'}");
        return new Policy(
                ship.flatMap(json -> json.choice("primary", Shown.values()))
                        .orElse(usual.primary()),
                ship.flatMap(json -> json.choice("guardrails", Kept.values()))
                        .orElse(usual.guardrails()),
                ship.flatMap(json -> json.choice("from", From.values())).orElse(usual.from()),
                new Retreat(
                        rollback.flatMap(json -> json.choice("primary", Worse.values()))
                                .map(Worse.WORSE::equals)
                                .orElse(usual.retreat().onPrimary()),
                        rollback.flatMap(json -> json.choice("guardrails", Breached.values()))
                                .map(Breached.BREACHED::equals)
                                .orElse(usual.retreat().onGuardrails()),
                        rollback.flatMap(json -> json.choice("arms", Arms.values()))
                                .map(Arms.EVERY::equals)
                                .orElse(usual.retreat().byEvery())));
    }

    void writeTo(ObjectNode rule) {
        rule.set(
                "ship",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("primary", primary.word())
                        .put("guardrails", guardrails.word())
                        .put("from", from.word()));
        rule.set(
                "rollback",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("primary", retreat.onPrimary() ? "worse" : "ignored")
                        .put("guardrails", retreat.onGuardrails() ? "breached" : "ignored")
                        .put("arms", retreat.byEvery() ? "every" : "any"));
    }
}
