package assay.domain.experiment;

import assay.domain.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Results as a Markdown page: the verdict, then tables. Names of callers stand in quotes and
/// cannot end a cell or begin markup.
final class Markdown {
    private static final double MOST_EXACT = 1e15;

    private final List<String> lines = new ArrayList<>();

    private Markdown() {}

    /// @param results as they are answered
    static String of(String name, JsonNode results) {
        return new Markdown().page(name, results);
    }

    private String page(String name, JsonNode results) {
        lines.add("# Results of " + text(name));
        paragraph("**%s**: %s".formatted(word(results, "verdict"), escaped(word(results, "why"))));
        facts(results);
        metric("Primary metric", results.path("primary"));
        results.path("guardrails").forEach(metric -> metric("Guardrail", metric));
        results.path("secondary").forEach(metric -> metric("Secondary metric", metric));
        factorial(results.path("factorial"));
        slices(results.path("slices"));
        trend(results.path("trend"));
        described(results.path("described"));
        looks(results.path("looks"));
        for (var step : results.path("next")) {
            paragraph("Next: %s".formatted(escaped(word(step, "why"))));
            lines.add("");
            lines.add("    " + word(step, "code").replaceAll("\\R", " "));
        }
        paragraph("Rule: " + escaped(results.path("rule").path("text").asString("")));
        return String.join("\n", lines) + "\n";
    }

    private static String word(JsonNode json, String member) {
        return json.path(member).asString("");
    }

    private void paragraph(String text) {
        lines.add("");
        lines.add(text);
    }

    private void facts(JsonNode results) {
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        if (results.hasNonNull("winner")) {
            fact("winner", text(word(results, "winner")));
        }
        fact("confidence", number(results.path("confidence")));
        var validity = results.path("validity");
        fact(
                "sample ratio",
                "%s (p %s)"
                        .formatted(
                                validity.path("srm").path("ok").booleanValue(false)
                                        ? "ok"
                                        : "broken",
                                number(validity.path("srm").path("pValue"))));
        fact(
                "burn-in",
                validity.path("burnIn").path("met").booleanValue(false)
                        ? "met"
                        : escaped(validity.path("burnIn").path("missing").asString("")));
        if (validity.path("multipleExposures").asLong(0) > 0) {
            fact("left out, seen in several arms", number(validity.path("multipleExposures")));
        }
        fact("looks", number(validity.path("looks")));
        if (results.has("unitsToDecision")) {
            fact("units to a decision", number(results.path("unitsToDecision")));
        }
        if (validity.has("dataThrough")) {
            fact("data through", word(validity, "dataThrough"));
        }
    }

    private void fact(String name, String value) {
        lines.add("| %s | %s |".formatted(name, value));
    }

    private void metric(String role, JsonNode metric) {
        paragraph("## %s %s".formatted(role, text(word(metric, "metric"))));
        if (metric.has("measures")) {
            paragraph(escaped(word(metric, "measures")));
        }
        arms(metric);
        comparisons(metric);
        metric.path("comparisons").forEach(this::unadjusted);
        steps(metric.path("steps"));
    }

    /// What was seen before the adjustment by what units did before.
    private void unadjusted(JsonNode comparison) {
        var cuped = comparison.path("cuped");
        if (cuped.isMissingNode()) {
            return;
        }
        var plain = cuped.path("unadjusted");
        paragraph(
                "%s is adjusted by what units did before. As observed: difference %s, interval %s, p %s."
                        .formatted(
                                text(word(comparison, "arm")),
                                number(plain.path("difference")),
                                interval(plain),
                                number(plain.path("pValue"))));
    }

    private void steps(JsonNode steps) {
        if (steps.isEmpty()) {
            return;
        }
        table("| step | arm | units | of all | of the step before |", "|---|---|--:|--:|--:|");
        for (var step : steps) {
            for (var arm : step.path("arms")) {
                lines.add(
                        "| %s | %s | %s | %s | %s |"
                                .formatted(
                                        text(word(step, "event")),
                                        text(word(arm, "key")),
                                        number(arm.path("units")),
                                        number(arm.path("ofAll")),
                                        number(arm.path("ofPrevious"))));
            }
        }
    }

    private void table(String head, String rule) {
        lines.add("");
        lines.add(head);
        lines.add(rule);
    }

    private void factorial(JsonNode factorial) {
        if (factorial.isMissingNode()) {
            return;
        }
        paragraph("## Factors");
        paragraph(escaped(word(factorial, "note")));
        table("| factor | from | to | effect | interval |", "|---|---|---|--:|---|");
        for (var effect : factorial.path("effects")) {
            lines.add(
                    "| %s | %s | %s | %s | %s |"
                            .formatted(
                                    factors(effect, "factor"),
                                    factors(effect, "from"),
                                    factors(effect, "to"),
                                    number(effect.path("effect")),
                                    interval(effect)));
        }
    }

    private static String factors(JsonNode effect, String member) {
        return effect.path("factors")
                .valueStream()
                .map(factor -> escaped(Quoted.of(factor.path(member))))
                .collect(Collectors.joining(" x "));
    }

    private void trend(JsonNode trend) {
        if (trend.isMissingNode()) {
            return;
        }
        paragraph("## By days since the exposure");
        paragraph(escaped(trend.has("why") ? word(trend, "why") : word(trend, "note")));
        if (trend.path("bins").isEmpty()) {
            return;
        }
        table("| days | units | comparison | difference | interval |", "|---|--:|---|--:|---|");
        for (var bin : trend.path("bins")) {
            for (var one : bin.path("comparisons")) {
                lines.add(
                        "| %s to %s | %s | %s | %s | %s |"
                                .formatted(
                                        number(bin.path("from")),
                                        number(bin.path("to")),
                                        number(bin.path("units")),
                                        text(word(one, "arm")),
                                        number(one.path("difference")),
                                        interval(one)));
            }
        }
        for (var one : trend.path("change").path("comparisons")) {
            paragraph(
                    "%s, late against early: %s."
                            .formatted(text(word(one, "arm")), escaped(word(one, "reading"))));
        }
    }

    private void described(JsonNode described) {
        if (described.isMissingNode()) {
            return;
        }
        paragraph("## As %s puts it".formatted(text(word(described, "methodology"))));
        paragraph(escaped(word(described, "note")));
        table("| comparison | difference | interval | p |", "|---|--:|---|--:|");
        for (var one : described.path("comparisons")) {
            lines.add(
                    "| %s | %s | %s | %s |"
                            .formatted(
                                    text(word(one, "arm")),
                                    number(one.path("difference")),
                                    interval(one),
                                    number(one.path("pValue"))));
        }
    }

    private void looks(JsonNode looks) {
        if (looks.isMissingNode()) {
            return;
        }
        paragraph("## Looks before this one");
        table("| look | at | by | verdict | units |", "|--:|---|---|---|--:|");
        for (var look : looks) {
            lines.add(
                    "| %s | %s | %s | %s | %s |"
                            .formatted(
                                    number(look.path("look")),
                                    word(look, "at"),
                                    text(word(look, "by")),
                                    word(look, "verdict"),
                                    number(look.path("units"))));
        }
    }

    private void arms(JsonNode metric) {
        lines.add("");
        lines.add("| arm | units | mean | sum |");
        lines.add("|---|--:|--:|--:|");
        for (var arm : metric.path("arms")) {
            lines.add(
                    "| %s | %s | %s | %s |"
                            .formatted(
                                    text(word(arm, "key")),
                                    number(arm.path("n")),
                                    number(arm.path("mean")),
                                    exact(arm.path("sum"))));
        }
    }

    private void comparisons(JsonNode metric) {
        lines.add("");
        lines.add("| comparison | difference | interval | lift | p |");
        lines.add("|---|--:|---|--:|--:|");
        var control = text(word(metric, "control"));
        for (var one : metric.path("comparisons")) {
            var p = one.has("adjustedPValue") ? one.path("adjustedPValue") : one.path("pValue");
            var breached = one.path("breached").booleanValue(false) ? " (breached)" : "";
            lines.add(
                    "| %s - %s%s | %s | %s | %s | %s |"
                            .formatted(
                                    text(word(one, "arm")),
                                    control,
                                    breached,
                                    number(one.path("difference")),
                                    interval(one),
                                    share(one.path("relative").path("lift")),
                                    number(p)));
        }
    }

    private void slices(JsonNode slices) {
        if (slices.isMissingNode()) {
            return;
        }
        paragraph("## By " + text(word(slices, "attribute")));
        lines.add("");
        lines.add("| group | comparison | difference | interval |");
        lines.add("|---|---|--:|---|");
        for (var group : slices.path("groups")) {
            var value = escaped(Quoted.of(group.path("value")));
            for (var one : group.path("comparisons")) {
                lines.add(
                        "| %s | %s | %s | %s |"
                                .formatted(
                                        value,
                                        text(word(one, "arm")),
                                        number(one.path("difference")),
                                        interval(one)));
            }
        }
    }

    private static String interval(JsonNode one) {
        return one.has("lower")
                ? "%s to %s".formatted(number(one.path("lower")), number(one.path("upper")))
                : "";
    }

    private static String share(JsonNode number) {
        return number.isNumber() ? Numbers.percent(number.doubleValue()) : "";
    }

    private static String number(JsonNode number) {
        if (!number.isNumber()) {
            return "";
        }
        return number.isIntegralNumber() ? number.asString() : Numbers.brief(number.doubleValue());
    }

    /// A sum: whole ones are counts, or amounts that somebody may hold against a ledger.
    private static String exact(JsonNode sum) {
        var value = sum.doubleValue(0.5);
        return value == Math.rint(value) && Math.abs(value) < MOST_EXACT
                ? Numbers.whole(value)
                : number(sum);
    }

    /// A name that somebody chose.
    private static String text(String name) {
        return escaped(Quoted.of(name));
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder();
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if ("|`*_[]<>#\\".indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }
}
