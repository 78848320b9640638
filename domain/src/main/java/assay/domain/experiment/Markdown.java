package assay.domain.experiment;

import assay.domain.Quoted;
import java.util.ArrayList;
import java.util.List;
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
        slices(results.path("slices"));
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
