package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Results in a few sentences: the verdict, the leading comparison, the state of the data. Under
/// 400 tokens, whatever names are in it.
record ReadoutText(Readout readout) {
    String text() {
        var decision = readout.decision();
        var sentences = new ArrayList<String>();
        sentences.add(decision.verdict().word() + ": " + decision.why());
        if (decision.stage().isOpen()) {
            readout.leading().ifPresent(leading -> leading(sentences, leading));
            guardrails(sentences);
        }
        if (readout.elsewhere() > 0) {
            sentences.add(
                    "The primary metric %s has no outcomes; %d are of metrics not looked at."
                            .formatted(
                                    Quoted.of(readout.grounds().primary().metric().name()),
                                    readout.elsewhere()));
        }
        readout.unitsToDecision()
                .ifPresent(n ->
                        sentences.add(
                                readout.decision().stage().due() > 0
                                        ? "%d more %s until the rule looks."
                                                .formatted(n, n == 1 ? "unit" : "units")
                                        : "At this effect about %d more %s."
                                                .formatted(
                                                        n,
                                                        n == 1 ? "unit decides" : "units decide")));
        Prospect.of(readout).ifPresent(prospect -> sentences.add(prospect.text()));
        sentences.add("Units: %s.".formatted(units()));
        sentences.add(state());
        readout.design()
                .allocation()
                .ifPresent(allocation ->
                        sentences.add(
                                "The traffic follows the data (%s, %d reallocations): %s."
                                        .formatted(
                                                allocation.policy().word(),
                                                readout.design().cohorts().size() - 1,
                                                AdaptiveAnalysis.method(readout.design()))));
        return String.join(" ", sentences);
    }

    private void leading(List<String> sentences, Analysis.Comparison leading) {
        leading.difference()
                .ifPresent(estimate -> {
                    var text =
                            new StringBuilder(Quoted.of(leading.arm()))
                                    .append(" - ")
                                    .append(Quoted.of(readout.design().control().key()))
                                    .append(" = ")
                                    .append(Numbers.signed(estimate.value()));
                    leading.absolute()
                            .ifPresent(look ->
                                    text.append(" (%s ".formatted(interval()))
                                            .append(Numbers.signed(look.interval().lower()))
                                            .append(" to ")
                                            .append(Numbers.signed(look.interval().upper()))
                                            .append(')'));
                    leading.lift()
                            .ifPresent(lift ->
                                    text.append(", lift ").append(Numbers.percent(lift.value())));
                    leading.plain()
                            .flatMap(Analysis.Comparison::difference)
                            .ifPresent(plain ->
                                    text.append(", without CUPED ")
                                            .append(Numbers.signed(plain.value())));
                    sentences.add(text.append('.').toString());
                    if (disagree(leading)) {
                        sentences.add(
                                "The interval holds 0 all the same: it is of this look and at alpha / %d, the p is the least of all looks (%s)."
                                        .formatted(
                                                readout.design().treatments().size(),
                                                readout.design().rule().correction().word()));
                    }
                });
        if (readout.decision().winner().equals(Optional.of(leading.arm()))) {
            Shrunk.of(readout.grounds(), leading).ifPresent(one -> sentences.add(one.text()));
        }
    }

    /// True when the p decides and the interval, which is not made of it, does not show it.
    private boolean disagree(Analysis.Comparison leading) {
        var p = readout.decision().pValues().getOrDefault(leading.arm(), 1.0);
        return p <= readout.design().rule().alpha()
                && leading.absolute()
                        .filter(look ->
                                look.interval().lower() <= 0 && look.interval().upper() >= 0)
                        .isPresent();
    }

    private String interval() {
        return readout.design().rule().methodology().isAnytime()
                ? "always-valid interval"
                : "interval";
    }

    private void guardrails(List<String> sentences) {
        var guardrails = readout.grounds().guardrails();
        if (guardrails.isEmpty()) {
            return;
        }
        var breached = new ArrayList<String>();
        for (var guardrail : guardrails) {
            for (var comparison : guardrail.comparisons()) {
                if (Decision.isBreached(guardrail, comparison.arm())) {
                    breached.add(
                            "%s by %s"
                                    .formatted(
                                            Named.brief(guardrail.metric().name()),
                                            Named.brief(comparison.arm())));
                }
            }
        }
        sentences.add(
                breached.isEmpty()
                        ? "No guardrail of %d is breached.".formatted(guardrails.size())
                        : "Breached: %s.".formatted(Named.some(breached)));
    }

    private String units() {
        return Named.some(
                readout.design().arms().stream()
                        .map(arm ->
                                Named.brief(arm.key())
                                        + " "
                                        + readout.grounds().exposed().of(arm.key()))
                        .toList());
    }

    private String state() {
        return "%s %s, look %d%s."
                .formatted(
                        readout.grounds().work().isPresent()
                                ? "Records of all arms"
                                : "Sample ratio",
                        readout.decision().ratio().isOk() ? "ok" : "broken",
                        readout.look(),
                        readout.newest()
                                .map(time -> ", data through " + IsoTime.text(time))
                                .orElse(""));
    }
}
