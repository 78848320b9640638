package assay.domain.experiment;

import assay.domain.experiment.Warning.Step;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// How far the work of a leased experiment is, and what of it can be leased now, for its brief.
///
/// @param recorded units of each arm whose output or failure is recorded, by its key
/// @param failed how many of them failed
/// @param judging how many of them wait for their judge
/// @param out arms that have lost and are run no more
/// @param isDecided true when so many are out that nothing is left to compare
/// @param open units that are leased and whose leases have not run out
/// @param left units that can still be leased
/// @param toJudge outputs that could be judged now
/// @param holders who has leases, such as `leases hold 2 units, the first until …`; empty when
///   nobody does
/// @param lacking what of the budget is not enough for the next unit, such as `4 of 4 units`
/// @param lackingToJudge the same for the next judgement
/// @param budget what is left of it, in words
public record Work(
        SequencedMap<String, Long> recorded,
        long failed,
        long judging,
        List<String> out,
        boolean isDecided,
        long open,
        long left,
        long toJudge,
        Optional<String> holders,
        Optional<String> lacking,
        Optional<String> lackingToJudge,
        List<String> budget) {
    public Work {
        out = List.copyOf(out);
        budget = List.copyOf(budget);
    }

    long units() {
        return recorded.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Such as `Split validation: 230 of 800 units recorded (2 failed), 10 leased, 560 left to
    /// lease. Budget left: 560 units.`
    String text(String split) {
        var text =
                new StringBuilder("Split %s: ".formatted(split))
                        .append(
                                "%d of %d units recorded"
                                        .formatted(units(), units() + open + left));
        if (failed > 0) {
            text.append(" (%d failed)".formatted(failed));
        }
        if (judging > 0) {
            text.append(", %d wait for the judge".formatted(judging));
        }
        if (open > 0) {
            text.append(", %d leased".formatted(open));
        }
        if (left > 0) {
            text.append(
                    (lacking.isEmpty() ? ", %d left to lease" : ", %d more than the budget has")
                            .formatted(left));
        }
        text.append('.');
        if (!budget.isEmpty()) {
            text.append(" Budget left: %s.".formatted(String.join(", ", budget)));
        }
        return text.toString();
    }

    /// Such as `Recorded: 'control' 115, 'kind' 115; out: 'rude'.`
    String arms() {
        return "Recorded: %s%s."
                .formatted(
                        Named.some(
                                recorded.entrySet().stream()
                                        .map(one ->
                                                Named.brief(one.getKey()) + " " + one.getValue())
                                        .toList()),
                        out.isEmpty()
                                ? ""
                                : "; out: " + Named.some(out.stream().map(Named::brief).toList()));
    }

    /// What to do while the rule has not decided.
    Step next(String id) {
        if (isDecided) {
            return look(id, "fewer than two variants are in; look, and conclude.");
        }
        if (left > 0 && lacking.isEmpty()) {
            return new Step(
                    "lease a batch, run its messages, record each unit with $.Experiment.record(lease, {output, metrics}) or {error}, then look at results.",
                    "return await $.Experiment.next('%s', { n: 20, worker: 'me' })".formatted(id));
        }
        if (toJudge > 0 && lackingToJudge.isEmpty()) {
            return new Step(
                    "outputs wait for their judge: lease them, record each with $.Experiment.record(lease, {answer}) or {score}.",
                    "return await $.Experiment.judge('%s', { n: 20, worker: 'me' })".formatted(id));
        }
        if (holders.isPresent()) {
            return look(
                    id,
                    "nothing is left to lease, and %s: record those that are yours, or wait; then look."
                            .formatted(holders.get()));
        }
        return look(
                id,
                lacking.or(() -> lackingToJudge)
                        .map(
                                "the budget is used up (%s); look, and conclude, or raise it with $.Experiment.update(id, {budget})."
                                        ::formatted)
                        .orElse("every unit is recorded; look, and conclude."));
    }

    private static Step look(String id, String why) {
        return new Step(why, "return await $.Experiment.results('%s')".formatted(id));
    }
}
