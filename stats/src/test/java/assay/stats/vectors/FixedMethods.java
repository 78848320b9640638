package assay.stats.vectors;

import static assay.stats.vectors.Inputs.alpha;
import static assay.stats.vectors.Inputs.alternative;
import static assay.stats.vectors.Inputs.count;
import static assay.stats.vectors.Inputs.number;
import static assay.stats.vectors.Inputs.numbers;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Difference;
import assay.stats.ExactSum;
import assay.stats.JointMoments;
import assay.stats.Moments;
import assay.stats.Sample;
import assay.stats.fixed.Ancova;
import assay.stats.fixed.Caps;
import assay.stats.fixed.Cuped;
import assay.stats.fixed.Fieller;
import assay.stats.fixed.FisherExact;
import assay.stats.fixed.Inference;
import assay.stats.fixed.ProportionInterval;
import assay.stats.fixed.Quantiles;
import assay.stats.fixed.RatioMetric;
import assay.stats.fixed.TwoProportions;
import assay.stats.fixed.Welch;
import assay.stats.ranks.MannWhitney;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Methods for a single look.
final class FixedMethods {
    static final Map<String, Function<JsonNode, Fields>> BY_FILE =
            Map.ofEntries(
                    Map.entry("two_proportion_z", FixedMethods::twoProportions),
                    Map.entry("proportion_intervals", FixedMethods::proportionIntervals),
                    Map.entry("welch_t", FixedMethods::welch),
                    Map.entry("fieller_relative", FixedMethods::fieller),
                    Map.entry("ratio_metric", FixedMethods::ratio),
                    Map.entry("cuped", FixedMethods::cuped),
                    Map.entry("cuped_ancova", FixedMethods::ancova),
                    Map.entry("winsorized_mean", FixedMethods::winsorised),
                    Map.entry("quantile_difference", FixedMethods::quantiles),
                    Map.entry("fisher_exact", FixedMethods::fisher),
                    Map.entry("mann_whitney", FixedMethods::mannWhitney));

    private FixedMethods() {}

    private static Fields twoProportions(JsonNode input) {
        var counts =
                new TwoProportions(
                        count(input, "xA"),
                        count(input, "nA"),
                        count(input, "xB"),
                        count(input, "nB"));
        var alternative = alternative(input);
        double alpha = alpha(input);
        var fields = new Fields();
        rate(fields, "pA", counts.xA(), counts.nA());
        rate(fields, "pB", counts.xB(), counts.nB());
        return fields.with(counts.estimate(), e -> fields.put("diff", e.value()))
                .put("pooledP", counts.pooledRate())
                .put("sePooled", counts.pooledEstimate().map(e -> e.standardError()))
                .with(
                        counts.pooled(alpha, alternative),
                        test ->
                                fields.put("zPooled", test.statistic())
                                        .put("pValuePooled", test.pValue())
                                        .put("lnPValuePooled", test.logPValue()))
                .put("seUnpooled", counts.estimate().map(e -> e.standardError()))
                .with(
                        counts.unpooled(alpha, alternative),
                        test ->
                                fields.put("zUnpooled", test.statistic())
                                        .put("pValueUnpooled", test.pValue())
                                        .put("lnPValueUnpooled", test.logPValue())
                                        .put("diffCiLow", test.interval().lower())
                                        .put("diffCiHigh", test.interval().upper()))
                .with(
                        counts.newcombe(alpha, alternative),
                        interval ->
                                fields.put("newcombeLow", interval.lower())
                                        .put("newcombeHigh", interval.upper()))
                .with(
                        counts.relativeEstimate(),
                        e -> fields.put("relLift", e.value()).put("relSe", e.standardError()))
                .with(
                        counts.relative(alpha, alternative),
                        test ->
                                fields.put("relCiLow", test.interval().lower())
                                        .put("relCiHigh", test.interval().upper()))
                .with(
                        counts.katz(alpha, alternative),
                        interval ->
                                fields.put("logRatioRelCiLow", interval.lower())
                                        .put("logRatioRelCiHigh", interval.upper()));
    }

    private static void rate(Fields fields, String name, long x, long n) {
        if (n > 0) {
            fields.put(name, (double) x / n);
        }
    }

    private static Fields proportionIntervals(JsonNode input) {
        long x = count(input, "x");
        long n = count(input, "n");
        var fields = new Fields();
        rate(fields, "p", x, n);
        interval(fields, "wald", ProportionInterval.WALD, x, n, alpha(input));
        interval(fields, "wilson", ProportionInterval.WILSON, x, n, alpha(input));
        interval(fields, "agrestiCoull", ProportionInterval.AGRESTI_COULL, x, n, alpha(input));
        interval(fields, "clopperPearson", ProportionInterval.CLOPPER_PEARSON, x, n, alpha(input));
        interval(fields, "jeffreys", ProportionInterval.JEFFREYS, x, n, alpha(input));
        return fields;
    }

    private static void interval(
            Fields fields, String name, ProportionInterval kind, long x, long n, double alpha) {
        fields.with(
                kind.of(x, n, alpha),
                interval ->
                        fields.put(name + "Low", interval.lower())
                                .put(name + "High", interval.upper()));
    }

    private static Fields welch(JsonNode input) {
        var fields = new Fields();
        arm(fields, "A", Inputs.sample(input.get("a")));
        arm(fields, "B", Inputs.sample(input.get("b")));
        return fields.with(
                Inputs.difference(input.get("a"), input.get("b")),
                difference -> welch(fields, difference, alpha(input), alternative(input)));
    }

    private static void arm(Fields fields, String name, Answer<Sample> sample) {
        fields.put("mean" + name, sample.map(Sample::mean))
                .put("variance" + name, sample.flatMap(Sample::variance));
    }

    private static void welch(
            Fields fields, Difference difference, double alpha, Alternative alternative) {
        fields.put("diff", difference.value())
                .put("se", difference.absolute().map(e -> e.standardError()))
                .put("df", Welch.degreesOfFreedom(difference))
                .put("relLift", difference.lift())
                .put("relSe", difference.relative().map(e -> e.standardError()))
                .put("cohensD", Welch.cohensD(difference))
                .with(
                        Welch.absolute(difference, alpha, alternative),
                        test -> {
                            fields.put("t", test.statistic()).put("lnPValue", test.logPValue());
                            inference(fields, "ciLow", "ciHigh", "pValue", test);
                        })
                .with(
                        Welch.relative(difference, alpha, alternative),
                        test -> {
                            fields.put("relT", test.statistic());
                            inference(fields, "relCiLow", "relCiHigh", "relPValue", test);
                        });
    }

    private static void inference(
            Fields fields, String low, String high, String p, Inference test) {
        fields.put(low, test.interval().lower())
                .put(high, test.interval().upper())
                .put(p, test.pValue());
    }

    private static Fields fieller(JsonNode input) {
        var difference = Inputs.difference(input.get("a"), input.get("b"));
        var fields = new Fields().put("bounded", false);
        return fields.with(
                difference.flatMap(d -> Fieller.ofLift(d, alpha(input))),
                fieller ->
                        fields.put("g", fieller.g())
                                .put("bounded", fieller.interval().isKnown())
                                .put("relLift", fieller.quotient())
                                .put("ciLow", fieller.interval().map(i -> i.lower()))
                                .put("ciHigh", fieller.interval().map(i -> i.upper())));
    }

    private static Fields ratio(JsonNode input) {
        var a = ratioArm(input.get("a"));
        var b = ratioArm(input.get("b"));
        var fields = new Fields();
        ratioArm(fields, "A", RatioMetric.sample(a));
        ratioArm(fields, "B", RatioMetric.sample(b));
        var both =
                Answer.both(
                        RatioMetric.sample(a),
                        RatioMetric.sample(b),
                        (x, y) -> Answer.known(Difference.of(x, y)));
        return fields.with(
                both, difference -> ratio(fields, difference, alpha(input), alternative(input)));
    }

    private static JointMoments ratioArm(JsonNode arm) {
        return Inputs.joint(arm, "num", "den", "Num", "Den");
    }

    private static void ratioArm(Fields fields, String name, Answer<Sample> sample) {
        fields.put("ratio" + name, sample.map(Sample::mean))
                .put("unitVariance" + name, sample.flatMap(Sample::variance))
                .put("se" + name, sample.flatMap(Sample::estimate).map(e -> e.standardError()));
    }

    private static void ratio(
            Fields fields, Difference difference, double alpha, Alternative alternative) {
        fields.put("diff", difference.value())
                .put("se", difference.absolute().map(e -> e.standardError()))
                .put("df", Welch.degreesOfFreedom(difference))
                .put("relLift", difference.lift())
                .put("relSe", difference.relative().map(e -> e.standardError()))
                .with(
                        difference.absolute().flatMap(e -> Inference.normal(e, alpha, alternative)),
                        test -> {
                            fields.put("z", test.statistic());
                            inference(fields, "ciLow", "ciHigh", "pValueZ", test);
                        })
                .with(
                        Welch.absolute(difference, alpha, alternative),
                        test -> inference(fields, "ciTLow", "ciTHigh", "pValueT", test))
                .with(
                        difference.relative().flatMap(e -> Inference.normal(e, alpha, alternative)),
                        test -> inference(fields, "relCiLow", "relCiHigh", "relPValueZ", test));
    }

    private static JointMoments cupedArm(JsonNode arm) {
        return Inputs.joint(arm, "pre", "post", "Pre", "Post");
    }

    private static Fields cuped(JsonNode input) {
        var fields = new Fields();
        double alpha = alpha(input);
        var alternative = alternative(input);
        return fields.with(
                Cuped.of(cupedArm(input.get("a")), cupedArm(input.get("b"))),
                cuped ->
                        fields.put("theta", cuped.theta())
                                .put("adjustedMeanA", cuped.adjusted().control().mean())
                                .put("adjustedMeanB", cuped.adjusted().treatment().mean())
                                .put("adjustedVarianceA", cuped.adjusted().control().variance())
                                .put("adjustedVarianceB", cuped.adjusted().treatment().variance())
                                .put("diff", cuped.adjusted().value())
                                .put("se", cuped.adjusted().absolute().map(e -> e.standardError()))
                                .put("df", Welch.degreesOfFreedom(cuped.adjusted()))
                                .put("unadjustedDiff", cuped.plain().value())
                                .put(
                                        "unadjustedSe",
                                        cuped.plain().absolute().map(e -> e.standardError()))
                                .put("varianceReduction", cuped.varianceReduction())
                                .with(
                                        cuped.relativeEstimate(),
                                        e ->
                                                fields.put("relLift", e.value())
                                                        .put("relSe", e.standardError()))
                                .with(
                                        cuped.absolute(alpha, alternative),
                                        test -> {
                                            fields.put("t", test.statistic());
                                            inference(fields, "ciLow", "ciHigh", "pValue", test);
                                        })
                                .with(
                                        cuped.relative(alpha, alternative),
                                        test ->
                                                fields.put("relCiLow", test.interval().lower())
                                                        .put(
                                                                "relCiHigh",
                                                                test.interval().upper())));
    }

    private static Fields ancova(JsonNode input) {
        var a = cupedArm(input.get("a"));
        var b = cupedArm(input.get("b"));
        var fields = new Fields();
        return fields.put("pooledTheta", Cuped.of(a, b).map(Cuped::theta))
                .with(
                        Answer.both(
                                a.sample(),
                                b.sample(),
                                (x, y) -> Ancova.of(x, y, alpha(input), alternative(input))),
                        ancova -> {
                            var effect = ancova.effect();
                            fields.put("ancovaTheta", ancova.slope())
                                    .put("ancovaDiff", effect.estimate().value())
                                    .put("ancovaSe", effect.estimate().standardError())
                                    .put("ancovaT", effect.statistic());
                            inference(fields, "ancovaCiLow", "ancovaCiHigh", "ancovaP", effect);
                        });
    }

    private static Fields winsorised(JsonNode input) {
        double[] a = numbers(input.get("a").get("values"));
        double[] b = numbers(input.get("b").get("values"));
        var caps =
                Inputs.text(input, "scope").equals("fixed")
                        ? new Caps(
                                number(input, "lowerCap", Double.NEGATIVE_INFINITY),
                                number(input, "upperCap", Double.POSITIVE_INFINITY))
                        : Caps.pooled(
                                a,
                                b,
                                Inputs.optionalNumber(input, "lowerQuantile"),
                                Inputs.optionalNumber(input, "upperQuantile"));
        Moments cappedA = caps.moments(a);
        Moments cappedB = caps.moments(b);
        var fields = new Fields();
        arm(fields, "A", cappedA.sample());
        arm(fields, "B", cappedB.sample());
        return fields.put("lowerBound", caps.lower())
                .put("upperBound", caps.upper())
                .put("winsorizedCountA", caps.count(a))
                .put("winsorizedCountB", caps.count(b))
                .with(
                        Difference.of(cappedA, cappedB),
                        difference -> welch(fields, difference, alpha(input), alternative(input)));
    }

    private static Fields quantiles(JsonNode input) {
        double level = number(input, "quantile");
        var a = bounds(input.get("a"), level);
        var b = bounds(input.get("b"), level);
        var fields = new Fields();
        quantile(fields, "A", a);
        quantile(fields, "B", b);
        var both =
                Answer.both(
                        quantileSample(input.get("a"), a),
                        quantileSample(input.get("b"), b),
                        (x, y) -> Answer.known(Difference.of(x, y)));
        fields.put("seA", standardError(quantileSample(input.get("a"), a)));
        fields.put("seB", standardError(quantileSample(input.get("b"), b)));
        return fields.with(
                both,
                difference ->
                        fields.put("diff", difference.value())
                                .put("se", difference.absolute().map(e -> e.standardError()))
                                .put("relLift", difference.lift())
                                .put("relSe", difference.relative().map(e -> e.standardError()))
                                .with(
                                        difference
                                                .absolute()
                                                .flatMap(e ->
                                                        Inference.normal(
                                                                e,
                                                                alpha(input),
                                                                alternative(input))),
                                        test -> {
                                            fields.put("z", test.statistic());
                                            inference(fields, "ciLow", "ciHigh", "pValue", test);
                                        })
                                .with(
                                        difference
                                                .relative()
                                                .flatMap(e ->
                                                        Inference.normal(
                                                                e,
                                                                alpha(input),
                                                                alternative(input))),
                                        test ->
                                                fields.put("relCiLow", test.interval().lower())
                                                        .put(
                                                                "relCiHigh",
                                                                test.interval().upper())));
    }

    private static Answer<Quantiles.Bounds> bounds(JsonNode arm, double level) {
        if (arm.has("values")) {
            double[] values = numbers(arm.get("values"));
            Arrays.sort(values);
            return Quantiles.Bounds.of(values, level);
        }
        long n = count(arm, "n");
        return Answer.known(
                new Quantiles.Bounds(
                        n,
                        (long) number(arm, "nStar", (double) n),
                        level,
                        number(arm, "quantileHat"),
                        number(arm, "quantileLower"),
                        number(arm, "quantileUpper")));
    }

    private static Answer<Sample> quantileSample(JsonNode arm, Answer<Quantiles.Bounds> bounds) {
        return bounds.flatMap(known ->
                arm.has("nClusters") ? known.sample(clusters(arm)) : Answer.known(known.sample()));
    }

    private static JointMoments clusters(JsonNode arm) {
        long n = count(arm, "nClusters");
        return JointMoments.ofSums(
                Moments.ofSums(
                        n,
                        ExactSum.of(number(arm, "mainSum")),
                        ExactSum.of(number(arm, "mainSumSquares"))),
                Moments.ofSums(
                        n,
                        ExactSum.of(number(arm, "denominatorSum")),
                        ExactSum.of(number(arm, "denominatorSumSquares"))),
                ExactSum.of(number(arm, "mainDenominatorSumProduct")));
    }

    private static void quantile(Fields fields, String name, Answer<Quantiles.Bounds> bounds) {
        fields.put("quantile" + name, bounds.map(Quantiles.Bounds::quantile))
                .put("lower" + name, bounds.map(Quantiles.Bounds::lower))
                .put("upper" + name, bounds.map(Quantiles.Bounds::upper));
    }

    private static Answer<Double> standardError(Answer<Sample> sample) {
        return sample.flatMap(Sample::estimate).map(e -> e.standardError());
    }

    private static Fields fisher(JsonNode input) {
        var counts =
                new TwoProportions(
                        count(input, "xA"),
                        count(input, "nA"),
                        count(input, "xB"),
                        count(input, "nB"));
        var fields = new Fields();
        return fields.with(
                FisherExact.of(counts, alpha(input)),
                test ->
                        fields.put("pTwoSided", test.pTwoSided())
                                .put("pGreater", test.pGreater())
                                .put("pLess", test.pLess())
                                .put("sampleOddsRatio", test.sampleOddsRatio())
                                .put("conditionalOddsRatio", test.conditionalOddsRatio())
                                .put("oddsRatioCiLow", test.interval().map(i -> i.lower()))
                                .put("oddsRatioCiHigh", test.interval().map(i -> i.upper())));
    }

    private static Fields mannWhitney(JsonNode input) {
        var fields = new Fields();
        return fields.with(
                MannWhitney.of(numbers(input.get("a")), numbers(input.get("b"))),
                test ->
                        fields.put("uA", test.uA())
                                .put("uB", test.uB())
                                .put("probBGreaterA", test.probabilityOfSuperiority())
                                .put("rankBiserial", test.rankBiserial())
                                .put("sigma", test.standardDeviation())
                                .put("hasTies", test.hasTies())
                                .put("pExact", test.exactPValue())
                                .put("hodgesLehmann", test.shift())
                                .with(
                                        test.normal(),
                                        normal ->
                                                fields.put("zNoCorrection", normal.z())
                                                        .put("pNormalNoCorrection", normal.pValue())
                                                        .put(
                                                                "pNormalCorrected",
                                                                normal.pValueCorrected())));
    }
}
