package assay.domain.experiment;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.SteppedText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The operators of rules on attributes.
enum AttributeTest {
    EQ("eq", "is equals"),
    NEQ("neq", "ne isnot notequals"),
    GT("gt", ""),
    LT("lt", ""),
    GTE("gte", ""),
    LTE("lte", ""),
    IN("in", ""),
    NOT_IN("not_in", "nin"),
    CONTAINS("contains", ""),
    NOT_CONTAINS("not_contains", ""),
    STARTS_WITH("starts_with", ""),
    ENDS_WITH("ends_with", ""),
    EXISTS("exists", ""),
    NOT_EXISTS("not_exists", ""),
    REGEX("regex", "matches");

    private static final int MOST_STEPS = 20_000;
    private static final int LONGEST_PATTERN = 256;
    private static final int LONGEST_LIST = 1_000;

    private final String word;
    private final String others;

    /// @param others further spellings with blanks between them
    AttributeTest(String word, String others) {
        this.word = word;
        this.others = others;
    }

    /// Without case, and without what words are joined with: `not_in`, `notIn`, `$nin`.
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[_$ -]", "");
    }

    static Optional<AttributeTest> find(String word) {
        var plain = plain(word);
        return Arrays.stream(values())
                .filter(test ->
                        plain(test.word).equals(plain)
                                || List.of(test.others.split(" ", -1)).contains(plain))
                .filter(_ -> !plain.isEmpty())
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(AttributeTest::word).toList();
    }

    String word() {
        return word;
    }

    boolean takesValue() {
        return this != EXISTS && this != NOT_EXISTS;
    }

    /// The test against a constant.
    ///
    /// @param path where the constant stands, for the refusal
    /// @throws Refused if the operator cannot take it
    Audience.Test with(String path, JsonNode constant) {
        return switch (this) {
            case EQ -> anyOf(equal(single(path, constant)));
            case NEQ -> not(anyOf(equal(single(path, constant))));
            case GT -> order(path, constant, sign -> sign > 0);
            case LT -> order(path, constant, sign -> sign < 0);
            case GTE -> order(path, constant, sign -> sign >= 0);
            case LTE -> order(path, constant, sign -> sign <= 0);
            case IN -> oneOf(path, constant);
            case NOT_IN -> not(oneOf(path, constant));
            case CONTAINS -> contains(single(path, constant));
            case NOT_CONTAINS -> not(contains(single(path, constant)));
            case STARTS_WITH -> text(path, constant, String::startsWith);
            case ENDS_WITH -> text(path, constant, String::endsWith);
            case EXISTS -> value -> !value.isMissingNode() && !value.isNull();
            case NOT_EXISTS -> value -> value.isMissingNode() || value.isNull();
            case REGEX -> regex(path, constant);
        };
    }

    private static Audience.Test not(Audience.Test test) {
        return value -> !test.holds(value);
    }

    /// A list satisfies when some member of it does.
    private static Audience.Test anyOf(Predicate<JsonNode> test) {
        return value -> {
            if (value.isArray()) {
                for (var member : value) {
                    if (test.test(member)) {
                        return true;
                    }
                }
                return false;
            }
            return test.test(value);
        };
    }

    private static Predicate<JsonNode> equal(JsonNode constant) {
        if (constant.isNumber()) {
            var number = constant.decimalValue();
            return value -> value.isNumber() && value.decimalValue().compareTo(number) == 0;
        }
        return constant::equals;
    }

    private static JsonNode single(String path, JsonNode constant) {
        if (!constant.isString() && !constant.isNumber() && !constant.isBoolean()) {
            throw refused(path, constant, "a text, a number, true or false");
        }
        return constant;
    }

    private static Audience.Test oneOf(String path, JsonNode constant) {
        if (!constant.isArray() || constant.isEmpty() || constant.size() > LONGEST_LIST) {
            throw refused(path, constant, "a list of 1 to 1,000 values");
        }
        constant.forEach(member -> single(path, member));
        var texts =
                constant.valueStream()
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .collect(Collectors.toUnmodifiableSet());
        var others =
                constant.valueStream()
                        .filter(member -> !member.isString())
                        .map(AttributeTest::equal)
                        .toList();
        return anyOf(value ->
                value.isString()
                        ? texts.contains(value.stringValue())
                        : others.stream().anyMatch(other -> other.test(value)));
    }

    private static Audience.Test order(String path, JsonNode constant, IntPredicate wanted) {
        if (constant.isNumber()) {
            var number = constant.decimalValue();
            return anyOf(value ->
                    value.isNumber() && wanted.test(value.decimalValue().compareTo(number)));
        }
        if (!constant.isString()) {
            throw refused(path, constant, "a number, a text or a time");
        }
        var text = constant.stringValue();
        var time = IsoTime.parse(text);
        if (time.isPresent()) {
            return anyOf(value ->
                    value.isString()
                            && IsoTime.parse(value.stringValue())
                                    .filter(moment -> wanted.test(moment.compareTo(time.get())))
                                    .isPresent());
        }
        return anyOf(value -> value.isString() && wanted.test(value.stringValue().compareTo(text)));
    }

    /// Part of a text, or a member of a list.
    private static Audience.Test contains(JsonNode constant) {
        var member = equal(constant);
        var part = constant.asString("");
        return value ->
                value.isArray()
                        ? anyOf(member).holds(value)
                        : value.isString() && value.stringValue().contains(part);
    }

    private static Audience.Test text(
            String path, JsonNode constant, BiPredicate<String, String> wanted) {
        if (!constant.isString()) {
            throw refused(path, constant, "a text");
        }
        var text = constant.stringValue();
        return anyOf(value -> value.isString() && wanted.test(value.stringValue(), text));
    }

    private static Audience.Test regex(String path, JsonNode constant) {
        if (!constant.isString() || constant.stringValue().length() > LONGEST_PATTERN) {
            throw refused(path, constant, "a pattern of at most 256 characters");
        }
        try {
            var pattern = Pattern.compile(constant.stringValue());
            return anyOf(value -> value.isString() && finds(pattern, value.stringValue()));
        } catch (PatternSyntaxException bad) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a regular expression.".formatted(Quoted.of(constant)),
                            "Correct the pattern: %s.".formatted(bad.getDescription()))
                    .field(path);
        }
    }

    /// True when some part of the text matches, and that is found within 20,000 steps.
    private static boolean finds(Pattern pattern, String text) {
        var steps = new SteppedText.Steps(MOST_STEPS);
        try {
            return pattern.matcher(new SteppedText(text, MOST_STEPS, steps)).find();
        } catch (SteppedText.TooManySteps | StackOverflowError _) {
            return false;
        }
    }

    private static Refused refused(String path, JsonNode constant, String wanted) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not valid for %s.".formatted(Quoted.of(constant), path),
                        "Send %s as %s.".formatted(path, wanted))
                .field(path);
    }
}
