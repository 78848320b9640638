package assay.stats.vectors;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.ExactSum;
import assay.stats.JointMoments;
import assay.stats.Moments;
import assay.stats.Sample;
import assay.stats.Why;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/// Reads the shapes in which inputs come.
final class Inputs {
    private Inputs() {}

    static Optional<JsonNode> optional(JsonNode node, String name) {
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    static double number(JsonNode node, String name) {
        return node.get(name).doubleValue();
    }

    static double number(JsonNode node, String name, double otherwise) {
        return optional(node, name).map(JsonNode::doubleValue).orElse(otherwise);
    }

    static OptionalDouble optionalNumber(JsonNode node, String name) {
        return optional(node, name).stream().mapToDouble(JsonNode::doubleValue).findFirst();
    }

    static long count(JsonNode node, String name) {
        return node.get(name).longValue();
    }

    static String text(JsonNode node, String name) {
        return node.get(name).stringValue();
    }

    static boolean flag(JsonNode node, String name) {
        return optional(node, name).map(JsonNode::booleanValue).orElse(false);
    }

    static double alpha(JsonNode input) {
        return number(input, "alpha", 0.05);
    }

    static Alternative alternative(JsonNode input) {
        String text = optional(input, "alternative").map(JsonNode::stringValue).orElse("two-sided");
        return switch (text) {
            case "two-sided", "two.sided" -> Alternative.TWO_SIDED;
            case "greater", "one.sided" -> Alternative.GREATER;
            case "less" -> Alternative.LESS;
            default -> throw new IllegalArgumentException(text);
        };
    }

    static double[] numbers(JsonNode node) {
        return node.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    static List<Double> numberList(JsonNode node) {
        return node.valueStream().map(JsonNode::doubleValue).toList();
    }

    static List<Long> counts(JsonNode node) {
        return node.valueStream().map(JsonNode::longValue).toList();
    }

    static Moments moments(JsonNode arm) {
        return arm.has("values")
                ? Moments.of(numbers(arm.get("values")))
                : Moments.ofSums(
                        count(arm, "n"),
                        ExactSum.of(number(arm, "sum")),
                        ExactSum.of(number(arm, "sumSquares")));
    }

    static Answer<Sample> sample(JsonNode arm) {
        if (!arm.has("mean")) {
            return moments(arm).sample();
        }
        long n = count(arm, "n");
        if (n == 0) {
            return Answer.undefined(Why.NO_UNITS);
        }
        Answer<Double> variance =
                n < 2 ? Answer.undefined(Why.TOO_FEW_UNITS) : Answer.known(number(arm, "variance"));
        return Answer.known(new Sample(n, number(arm, "mean"), variance));
    }

    static Answer<Difference> difference(JsonNode a, JsonNode b) {
        return a.has("mean") || b.has("mean")
                ? Answer.both(sample(a), sample(b), (x, y) -> Answer.known(Difference.of(x, y)))
                : Difference.of(moments(a), moments(b));
    }

    /// Two numbers per unit, either raw in two arrays or as sums whose names end in `x` and `y`.
    static JointMoments joint(JsonNode arm, String rawX, String rawY, String x, String y) {
        if (arm.has(rawX)) {
            var joint = new JointMoments();
            double[] xs = numbers(arm.get(rawX));
            double[] ys = numbers(arm.get(rawY));
            for (int i = 0; i < xs.length; i++) {
                joint.add(xs[i], ys[i]);
            }
            return joint;
        }
        String product = arm.has("sum" + x + y) ? "sum" + x + y : "sum" + y + x;
        return JointMoments.ofSums(sums(arm, x), sums(arm, y), ExactSum.of(number(arm, product)));
    }

    private static Moments sums(JsonNode arm, String name) {
        return Moments.ofSums(
                count(arm, "n"),
                ExactSum.of(number(arm, "sum" + name)),
                ExactSum.of(number(arm, "sum" + name + name)));
    }
}
