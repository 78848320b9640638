package assay.stats.vectors;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The comparison of one case's outputs with what was expected of them.
///
/// An expected null accepts everything but a finite number, because it stands for "undefined".
final class Comparison {
    private static final String STRETCH = "lnPValue";

    private final Case example;
    private final List<String> failures = new ArrayList<>();
    private final List<String> stretchFailures = new ArrayList<>();
    private int stretchTotal;
    private double worst;
    private double worstShare;

    private Comparison(Case example) {
        this.example = example;
    }

    static Comparison of(Case example, Fields outputs) {
        var comparison = new Comparison(example);
        comparison.compareObject("", example.expected(), outputs);
        return comparison;
    }

    static Comparison broken(Case example, Exception cause) {
        var comparison = new Comparison(example);
        comparison.failures.add(cause.toString());
        return comparison;
    }

    /// What differs, with path, expected and actual output; empty if the case passed.
    List<String> failures() {
        return failures.stream().map(failure -> example.name() + ": " + failure).toList();
    }

    List<String> stretchFailures() {
        return stretchFailures.stream().map(failure -> example.name() + ": " + failure).toList();
    }

    int stretchTotal() {
        return stretchTotal;
    }

    /// The largest error of a number, relative to the expected one, or absolute where that is
    /// smaller.
    double worst() {
        return worst;
    }

    /// The largest error as a share of the tolerance.
    double worstShare() {
        return worstShare;
    }

    private void compareObject(String path, JsonNode expected, Fields outputs) {
        for (var property : expected.properties()) {
            String name = property.getKey();
            compare(path + "/" + name, name, property.getValue(), outputs.get(name));
        }
    }

    private void compare(String path, String field, JsonNode expected, @Nullable Object actual) {
        if (field.startsWith(STRETCH)) {
            stretchTotal++;
        }
        switch (expected) {
            case JsonNode node when node.isNull() -> {
                boolean finite =
                        actual instanceof Number number && Double.isFinite(number.doubleValue());
                if (finite || actual instanceof Boolean) {
                    fail(path, field, expected, actual);
                }
            }
            case JsonNode node when node.isObject() && actual instanceof Fields fields ->
                    compareObject(path, node, fields);
            case JsonNode node when node.isArray() && actual instanceof List<?> list ->
                    compareArray(path, field, node, list);
            case JsonNode node when node.isNumber() && actual instanceof Number number ->
                    compareNumber(path, field, node.doubleValue(), number.doubleValue());
            case JsonNode node when node.isBoolean() && actual instanceof Boolean flag -> {
                if (node.booleanValue() != flag) {
                    fail(path, field, expected, actual);
                }
            }
            case JsonNode node
                    when node.isString() && matches(field, node.stringValue(), actual) -> {}
            default -> fail(path, field, expected, actual);
        }
    }

    private static boolean matches(String field, String expected, @Nullable Object actual) {
        return switch (expected) {
            case "Infinity", "-Infinity" ->
                    actual instanceof Double number && number == Double.parseDouble(expected);
            // A flag whose wording is free.
            case String _ when field.equals("invalid") -> actual instanceof String;
            default -> expected.equals(actual);
        };
    }

    private void compareArray(String path, String field, JsonNode expected, List<?> actual) {
        if (expected.size() != actual.size()) {
            fail(path, field, expected, actual);
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            compare(path + "/" + i, field, expected.get(i), actual.get(i));
        }
    }

    private void compareNumber(String path, String field, double expected, double actual) {
        double error = Math.abs(actual - expected);
        double allowance = example.allowance(field, expected);
        if (!(error <= allowance)) {
            fail(path, field, expected, actual);
        }
        if (!field.startsWith(STRETCH)) {
            worst = Math.max(worst, error == 0 ? 0 : Math.min(error, error / Math.abs(expected)));
            worstShare = Math.max(worstShare, error == 0 ? 0 : error / allowance);
        }
    }

    private void fail(String path, String field, Object expected, @Nullable Object actual) {
        var list = field.startsWith(STRETCH) ? stretchFailures : failures;
        list.add("%s expected %s but was %s".formatted(path, expected, actual));
    }
}
