package assay.domain.experiment;

import assay.stats.paired.PairedMethod;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The decision rule, declared before the data come.
///
/// @param preset the name that the rule goes by, if it has one
/// @param methodology when a look may decide, and by which test
/// @param alpha chance, at most, of naming a winner where there is no difference
/// @param plannedSample units of all arms together at which a decision is expected: tunes the
///   sequence, and is where a fixed test looks and a group-sequential one looks last
/// @param minimumEffect differences within it, either side, are of no interest; in the metric's
///   unit, or relative
/// @param maxSample units of all arms together after which the experiment is given up
/// @param correction how p-values are adjusted when several questions are asked
/// @param scope which questions are one family
/// @param burnInPerArm units each arm needs before a look can decide: 100 for a sequence, 2 for
///   planned looks
/// @param burnInConversions units with an outcome other than 0 that a comparison needs before a
///   look can decide
/// @param cuped milliseconds before the exposure in which covariates are measured, for all metrics
///   that can be adjusted; empty where the rule does not adjust
/// @param looks of a group-sequential test, as shares of the planned sample
/// @param thresholds what the Bayesian figures have to reach besides
/// @param policy what has to be shown
/// @param cheaper the cost by which the cheapest of practically equal arms wins; empty where cost
///   does not matter
/// @param programme the series of experiments that alpha comes from, if it comes from one
public record Rule(
        Optional<String> preset,
        Methodology methodology,
        double alpha,
        double plannedSample,
        OptionalDouble minimumEffect,
        boolean minimumEffectIsRelative,
        OptionalLong maxSample,
        Correction correction,
        Scope scope,
        int burnInPerArm,
        int burnInConversions,
        OptionalLong cuped,
        List<Double> looks,
        Thresholds thresholds,
        Policy policy,
        Optional<String> cheaper,
        Optional<Programme> programme) {
    public Rule {
        looks = List.copyOf(looks);
    }

    /// When a look may decide, and by which test.
    public enum Methodology implements Worded {
        /// Any time: an asymptotic confidence sequence.
        SEQUENTIAL,
        /// Once, at the planned sample.
        FIXED,
        /// At a few shares of the planned sample.
        GROUP_SEQUENTIAL,
        /// Any time, by the same p-value; the Bayesian figures describe, and may be asked for
        /// besides.
        BAYESIAN;

        /// True when a look may decide whenever it is taken.
        boolean isAnytime() {
            return this == SEQUENTIAL || this == BAYESIAN;
        }
    }

    /// How p-values are adjusted when several questions are asked.
    public enum Correction implements Worded {
        HOLM,
        BONFERRONI,
        /// Of e-values, for the false discovery rate.
        E_BH {
            @Override
            public String word() {
                return "eBH";
            }
        },
        NONE;
    }

    /// Which questions are one family.
    public enum Scope implements Worded {
        /// The treatments on the primary metric.
        PRIMARY,
        /// The treatments on the primary and all secondary metrics.
        ALL;
    }

    /// What the Bayesian figures have to reach before the rule ships, beyond its test.
    ///
    /// @param chanceToWin at least, 0 to 1; 0 asks for nothing
    /// @param expectedLoss at most, as a share of the control; infinite asks for nothing
    /// @param priorDeviation of the relative effect around 0; empty for a flat prior
    public record Thresholds(
            double chanceToWin, double expectedLoss, OptionalDouble priorDeviation) {
        static final Thresholds NONE =
                new Thresholds(0, Double.POSITIVE_INFINITY, OptionalDouble.empty());
    }

    /// A series of experiments of whose discoveries an expected share of at most q is false.
    ///
    /// @param index the place of the experiment in the series, from 1 on; 0 before it starts
    /// @param discoveries of the series before it started
    public record Programme(String name, double q, long index, long discoveries) {}

    /// Reads a rule: the name of a preset, or an object in which what is absent has its default.
    ///
    /// @throws assay.domain.Refused for a member or value that has no meaning
    static Rule of(JsonNode json) {
        return of(json, OptionalDouble.empty());
    }

    /// The same where something else tells the planned sample, unless the rule does.
    ///
    /// @param usual units of all arms together
    static Rule of(JsonNode json, OptionalDouble usual) {
        return RuleSyntax.read(json, usual);
    }

    /// The same rule with its part of alpha, when several uses of the same items are to make no
    /// more errors together than one.
    Rule shared(int uses) {
        return uses == 1 ? this : with(alpha / uses, burnInPerArm, burnInConversions);
    }

    /// The same rule for pairs of items, which wait for no more than their method does.
    Rule from(PairedMethod method) {
        return methodology.isAnytime() ? with(alpha, method.burnIn(), 0) : this;
    }

    private Rule with(double alpha, int perArm, int conversions) {
        return new Rule(
                preset,
                methodology,
                alpha,
                plannedSample,
                minimumEffect,
                minimumEffectIsRelative,
                maxSample,
                correction,
                scope,
                perArm,
                conversions,
                cuped,
                looks,
                thresholds,
                policy,
                cheaper,
                programme);
    }

    /// The minimum effect as one size, if one is declared.
    Optional<EffectSize> negligible() {
        return minimumEffect.isPresent()
                ? Optional.of(new EffectSize(minimumEffect.getAsDouble(), minimumEffectIsRelative))
                : Optional.empty();
    }

    /// The rule with every default filled in, as results show it.
    ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        preset.ifPresent(name -> json.put("preset", name));
        json.put("alpha", alpha)
                .put("methodology", methodology.word())
                .put("plannedSample", plannedSample);
        negligible()
                .ifPresent(effect -> {
                    if (effect.isRelative()) {
                        json.putObject("minimumEffect").put("relative", effect.size());
                    } else {
                        json.put("minimumEffect", effect.size());
                    }
                });
        maxSample.ifPresent(most -> json.put("maxSample", most));
        json.putObject("burnIn").put("perArm", burnInPerArm).put("conversions", burnInConversions);
        if (scope == Scope.PRIMARY) {
            json.put("correction", correction.word());
        } else {
            json.putObject("correction").put("method", correction.word()).put("scope", "all");
        }
        cuped.ifPresent(lookback -> json.putObject("cuped").put("lookback", Span.text(lookback)));
        if (methodology == Methodology.GROUP_SEQUENTIAL) {
            var shares = json.putArray("looks");
            looks.forEach(shares::add);
        }
        if (!thresholds.equals(Thresholds.NONE)) {
            var bayesian = json.putObject("bayesian");
            if (thresholds.chanceToWin() > 0) {
                bayesian.put("chanceToWin", thresholds.chanceToWin());
            }
            if (thresholds.expectedLoss() < Double.POSITIVE_INFINITY) {
                bayesian.put("expectedLoss", thresholds.expectedLoss());
            }
            thresholds.priorDeviation().ifPresent(sd -> bayesian.put("priorDeviation", sd));
        }
        if (!policy.equals(Policy.CLEAR_SIGNALS)) {
            policy.writeTo(json);
        }
        cheaper.ifPresent(cost -> json.putObject("prefer").put("cheaper", cost));
        programme.ifPresent(one -> {
            var series = json.putObject("programme").put("name", one.name()).put("q", one.q());
            if (one.index() > 0) {
                series.put("index", one.index()).put("discoveries", one.discoveries());
            }
        });
        return json;
    }
}
