package assay.domain.experiment;

import assay.domain.experiment.Warning.Step;
import assay.domain.store.Leases;
import assay.domain.store.Leases.Status;
import java.util.ArrayList;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// How far the work of a leased experiment is, for its brief.
///
/// @param planned units that dataset and budget have
/// @param counts units by what became of them
record Work(String id, Leased leased, long planned, Map<Status, Long> counts, Leases.Spent spent) {
    static Work of(Scope scope, String id, ObjectNode document, Design design, Leased leased) {
        var arms = design.arms().stream().map(Design.Arm::key).toList();
        return new Work(
                id,
                leased,
                document.path("units").path("planned").asLong(0),
                scope.leases().counts(id, design.iteration(), arms),
                scope.leases().spent(id, design.iteration()));
    }

    private long count(Status status) {
        return counts.getOrDefault(status, 0L);
    }

    /// Such as `Split validation: 240 of 800 units leased, 230 recorded (2 failed), 10 open. Budget
    /// left: 560 units.`
    String text() {
        var text =
                new StringBuilder("Split %s: ".formatted(leased.split()))
                        .append("%d of %d units leased, ".formatted(spent.units(), planned))
                        .append(
                                "%d recorded (%d failed)"
                                        .formatted(
                                                count(Status.RECORDED) + count(Status.FAILED),
                                                count(Status.FAILED)));
        if (count(Status.JUDGING) > 0) {
            text.append(", %d wait for the judge".formatted(count(Status.JUDGING)));
        }
        if (spent.open() > 0) {
            text.append(", %d open".formatted(spent.open()));
        }
        return text.append('.').append(budget()).toString();
    }

    private String budget() {
        var budget = leased.budget();
        var left = new ArrayList<String>();
        budget.units().ifPresent(most -> left.add("%d units".formatted(most - spent.units())));
        budget.tokens().ifPresent(most -> left.add("%d tokens".formatted(most - spent.tokens())));
        budget.money()
                .ifPresent(most ->
                        left.add("%s money".formatted(Numbers.brief(most - spent.money()))));
        return left.isEmpty() ? "" : " Budget left: %s.".formatted(String.join(", ", left));
    }

    /// What to do while the rule has not decided.
    Step next() {
        if (spent.units() < planned || count(Status.LEASED) > 0) {
            return new Step(
                    "lease a batch, run its messages, record each unit with $.Experiment.record(lease, {output, metrics}) or {error}, then look at results.",
                    "return await $.Experiment.next('%s', { n: 20, worker: 'me' })".formatted(id));
        }
        if (count(Status.JUDGING) > 0) {
            return new Step(
                    "outputs wait for their judge: lease them, record each with $.Experiment.record(lease, {answer}) or {score}.",
                    "return await $.Experiment.judge('%s', { n: 20, worker: 'me' })".formatted(id));
        }
        return new Step(
                "every unit is recorded; look, and conclude.",
                "return await $.Experiment.results('%s')".formatted(id));
    }
}
