package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Judges that compare an output with what was expected of it, by themselves.
final class TextScorers {
    private static final String EXPECTED =
            "Give the item an expected output, or the judge one for all with expected.";
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:[eE][-+]?\\d{1,3})?");
    private static final double ROUNDING = 1e-9;
    private static final MathContext SHOWN = new MathContext(9);

    private TextScorers() {}

    private static JsonNode expected(ObjectNode judge, Judged judged) {
        return judge.hasNonNull("expected")
                ? judge.path("expected")
                : judged.need("expected", EXPECTED);
    }

    private static String normal(ObjectNode judge, String text) {
        var normal = text;
        for (var way : judge.path("normalize")) {
            normal =
                    switch (way.asString("")) {
                        case "case" -> normal.toLowerCase(Locale.ROOT);
                        case "whitespace" -> normal.replaceAll("\\s+", " ").strip();
                        case "punctuation" -> normal.replaceAll("\\p{Punct}+", "");
                        default -> normal;
                    };
        }
        return normal;
    }

    /// The output is what was expected: the same text, or the same JSON.
    static Scorer exact(ObjectNode judge) {
        return judged -> {
            var expected = expected(judge, judged);
            var output = judged.output();
            if (!expected.isString()) {
                var read = output.isString() ? json(output.stringValue()).orElse(output) : output;
                var same = Canonical.text(read).equals(Canonical.text(expected));
                return Score.of(
                        same,
                        same ? "The output is the expected value." : differs(output, expected));
            }
            var same = normal(judge, judged.text()).equals(normal(judge, expected.stringValue()));
            return Score.of(
                    same, same ? "The output is the expected text." : differs(output, expected));
        };
    }

    private static String differs(JsonNode output, JsonNode expected) {
        return "The output is %s, expected was %s."
                .formatted(Quoted.of(output), Quoted.of(expected));
    }

    /// JSON in a text, also within a fence.
    static Optional<JsonNode> json(String text) {
        var bare = text.strip();
        if (bare.startsWith("```")) {
            var from = bare.indexOf('\n');
            var to = bare.lastIndexOf("```");
            bare = from < 0 || to <= from ? bare : bare.substring(from, to);
        }
        return Json.value(bare);
    }

    /// The output has all of some texts, or any of them.
    static Scorer contains(ObjectNode judge) {
        return judged -> {
            var text = normal(judge, judged.text());
            var any = texts(judge.path("any"));
            if (!any.isEmpty()) {
                var found =
                        any.stream().filter(one -> text.contains(normal(judge, one))).findFirst();
                return Score.of(
                        found.isPresent(),
                        found.map(one -> "It has %s.".formatted(Quoted.of(one)))
                                .orElse("It has none of %s.".formatted(Quoted.all(any))));
            }
            var all =
                    judge.path("all").isEmpty()
                            ? texts(expected(judge, judged))
                            : texts(judge.path("all"));
            var missing = all.stream().filter(one -> !text.contains(normal(judge, one))).toList();
            return new Score(
                    1 - (double) missing.size() / all.size(),
                    missing.isEmpty(),
                    missing.isEmpty()
                            ? "It has all of them."
                            : "It lacks %s.".formatted(Quoted.all(missing)));
        };
    }

    private static List<String> texts(JsonNode json) {
        var texts = new ArrayList<String>();
        if (json.isArray()) {
            json.forEach(one -> texts.add(Judged.text(one)));
        } else if (!json.isMissingNode() && !json.isNull()) {
            texts.add(Judged.text(json));
        }
        return texts;
    }

    /// A regular expression matches somewhere in the output.
    static Scorer regex(ObjectNode judge) {
        var pattern = BoundedPattern.of("pattern", judge.path("pattern").asString(""));
        return judged -> {
            var found = pattern.isFoundIn(judged.text());
            return Score.of(found, found ? "The pattern matches." : "The pattern does not match.");
        };
    }

    /// The last number in the output is near the expected one.
    static Scorer numeric(ObjectNode judge) {
        return judged -> {
            var expected =
                    number(expected(judge, judged))
                            .orElseThrow(() -> noNumber(expected(judge, judged)));
            var found = number(judged.output());
            if (found.isEmpty()) {
                return Score.of(false, "There is no number in the output.");
            }
            var allowed =
                    Math.max(
                            Math.max(
                                    judge.path("tolerance").doubleValue(0),
                                    judge.path("relativeTolerance").doubleValue(0)
                                            * Math.abs(expected)),
                            ROUNDING * Math.abs(expected));
            var off = Math.abs(found.get() - expected);
            return Score.of(
                    off <= allowed,
                    "%s is %s off %s.".formatted(plain(found.get()), plain(off), plain(expected)));
        };
    }

    private static Refused noNumber(JsonNode expected) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "There is no number in %s, which was expected."
                                .formatted(Quoted.of(expected)),
                        "Give the item an expected output that is a number.")
                .field("expected");
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).round(SHOWN).stripTrailingZeros().toPlainString();
    }

    private static Optional<Double> number(JsonNode value) {
        if (value.isNumber()) {
            return Optional.of(value.doubleValue(0));
        }
        var matcher = NUMBER.matcher(Judged.text(value));
        Optional<Double> last = Optional.empty();
        while (matcher.find()) {
            last = Optional.of(Double.parseDouble(matcher.group().replace(",", "")));
        }
        return last.filter(Double::isFinite);
    }

    /// How much of the output is like what was expected.
    static Scorer similarity(ObjectNode judge) {
        var method = judge.path("method").asString("ngrams");
        var passAt = judge.path("passAt").doubleValue(0.8);
        return judged -> {
            var output = normal(judge, judged.text());
            var expected = normal(judge, Judged.text(expected(judge, judged)));
            var likeness =
                    switch (method) {
                        case "tokens" -> Likeness.ofWords(output, expected);
                        case "levenshtein" -> Likeness.ofEdits(output, expected);
                        default -> Likeness.ofPieces(output, expected);
                    };
            return new Score(
                    likeness,
                    likeness >= passAt,
                    "%s of 1 alike by %s; %s passes."
                            .formatted(rounded(likeness), method, rounded(passAt)));
        };
    }

    private static String rounded(double value) {
        return plain(Math.round(value * 100) / 100.0);
    }

    /// A text that is JSON as a schema wants it.
    static Scorer schema(ObjectNode judge) {
        var schema = JsonSchema.of(judge.path("schema"));
        return judged -> {
            var output = judged.output();
            var json = output.isString() ? json(output.stringValue()) : Optional.of(output);
            if (json.isEmpty()) {
                return Score.of(false, "%s is not JSON.".formatted(Quoted.of(output)));
            }
            var errors = schema.errors(json.get());
            return Score.of(
                    errors.isEmpty(),
                    errors.isEmpty()
                            ? "It is as the schema wants it."
                            : "Against the schema: " + Quoted.all(errors) + ".");
        };
    }
}
