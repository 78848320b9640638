package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Measure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// What is measured: how the events of a unit become one number, and which direction is good.
///
/// @param unit how the values of one unit become its number
/// @param role as declared in the list of metrics; the experiment's fields may give it another
/// @param margin by how much it may get worse, in its own unit or relative to the control; 0 when
///   not declared
/// @param terms the events that count: numerator and denominator of a ratio, steps of a funnel,
///   else one
/// @param cap the most that a unit counts
/// @param lookback milliseconds before the exposure that give the covariate of CUPED
/// @param level of a quantile
/// @param bounds between which every value lies, where it is declared
/// @param weights of the terms of a utility, else empty
public record Metric(
        String name,
        Type type,
        Measure.Kind unit,
        Optional<Role> role,
        Direction direction,
        double margin,
        boolean marginIsRelative,
        List<Measure.Term> terms,
        Measure.Window window,
        Optional<Cap> cap,
        OptionalLong lookback,
        OptionalDouble level,
        Optional<Bounds> bounds,
        List<Double> weights) {
    public Metric {
        terms = List.copyOf(terms);
        weights = List.copyOf(weights);
    }

    /// What is compared between the arms.
    public enum Type implements Worded {
        /// The share of units with a value other than 0.
        PROPORTION,
        /// How many events a unit has.
        COUNT,
        /// The mean over units of their mean value; units without values take no part.
        MEAN,
        /// The mean over units of the sum of their values.
        SUM,
        /// A sum over a sum, both over all units.
        RATIO,
        /// A quantile of the units' numbers.
        QUANTILE,
        /// The share of units that did several things in order.
        FUNNEL,
        /// The share of units that come back in a window that begins later.
        RETENTION,
        /// A weighted sum of what a unit came to in other respects.
        UTILITY;

        /// True when a covariate from before the exposure can take out some of the variance.
        boolean canAdjust() {
            return this == PROPORTION || this == COUNT || this == MEAN || this == SUM;
        }
    }

    /// What a metric is for.
    public enum Role implements Worded {
        PRIMARY,
        SECONDARY,
        GUARDRAIL;
    }

    /// Which way is better.
    public enum Direction {
        INCREASE(1),
        DECREASE(-1);

        private final int sign;

        Direction(int sign) {
            this.sign = sign;
        }

        /// 1 when more is better, -1 when less is.
        public int sign() {
            return sign;
        }
    }

    /// Between what values lie, both ends included.
    public record Bounds(double least, double most) {
        /// True of a value that was promised.
        public boolean holds(double value) {
            return value >= least && value <= most;
        }

        double clamped(double value) {
            return Math.clamp(value, least, most);
        }
    }

    /// The most that a unit counts.
    ///
    /// @param size the number itself, or the level of the quantile over the units of all arms that
    ///   it is
    public record Cap(double size, boolean isQuantile) {}

    /// A metric of which only the name is known: its values are summed per unit, or averaged in a
    /// prompt experiment.
    static Metric named(String name, boolean promptExperiment) {
        return MetricSyntax.named(name, promptExperiment);
    }

    /// Reads a declaration, or a plain name; null members are as good as absent.
    ///
    /// @param path where it stands in the experiment, for the refusal
    static Metric of(String path, JsonNode json, boolean promptExperiment) {
        return MetricSyntax.read(path, json, promptExperiment);
    }

    /// What of each unit this metric needs to know: one measure, or one per step of a funnel, of
    /// which the last decides. A cap at a quantile is not in it: it depends on all units.
    public List<Measure> measures() {
        if (type == Type.UTILITY) {
            return parts();
        }
        if (type == Type.FUNNEL) {
            return IntStream.rangeClosed(1, terms.size())
                    .mapToObj(step -> measure(terms.subList(0, step)))
                    .toList();
        }
        return List.of(measure(terms));
    }

    /// What the terms of a utility are, in their order.
    List<Measure> parts() {
        return terms.stream().map(term -> Measure.of(Measure.Kind.MEAN, term.event())).toList();
    }

    /// What decides of [#measures]; of a utility, its first term.
    public Measure measure() {
        return type == Type.UTILITY ? parts().getFirst() : measure(terms);
    }

    private Measure measure(List<Measure.Term> events) {
        return new Measure(
                unit,
                events,
                window,
                cap.filter(most -> !most.isQuantile())
                        .map(most -> OptionalDouble.of(most.size()))
                        .orElse(OptionalDouble.empty()),
                lookback);
    }

    /// True when the totals of the arms are not enough and every unit has to be looked at.
    public boolean needsUnits() {
        return type == Type.QUANTILE || cap.map(Cap::isQuantile).orElse(false);
    }

    /// Refuses a value that cannot be, as the metric was declared.
    ///
    /// @param field where it stands in what was sent
    public void requirePossible(String field, double value) {
        if (bounds.isPresent() && !bounds.get().holds(value)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a value of the metric %s, which was declared to lie between %s and %s."
                                    .formatted(
                                            Numbers.brief(value),
                                            Quoted.of(name),
                                            Numbers.brief(bounds.get().least()),
                                            Numbers.brief(bounds.get().most())),
                            "Send a value within these bounds, on the scale that the metric was declared on; its intervals rest on them.")
                    .field(field);
        }
    }

    /// By how much it may get worse.
    EffectSize tolerance() {
        return new EffectSize(margin, marginIsRelative);
    }

    /// The event that an outcome without a metric is taken for.
    public String usualEvent() {
        return terms.getFirst().event();
    }

    /// The names of all events that count.
    Set<String> events() {
        var events = new LinkedHashSet<String>();
        terms.forEach(term -> events.add(term.event()));
        return events;
    }

    /// The same metric adjusted by what units did before their exposure, if it can be and is not
    /// already.
    Metric lookingBack(OptionalLong usual) {
        var adjusts = lookback.isEmpty() && type.canAdjust();
        return adjusts ? with(usual) : this;
    }

    /// The same metric as it is, not adjusted.
    Metric plain() {
        return with(OptionalLong.empty());
    }

    /// A metric of the same name, direction and margin whose units come to a number without further
    /// conditions, as made-up ones do.
    Metric summed() {
        return new Metric(
                name,
                Type.SUM,
                Measure.Kind.SUM,
                role,
                direction,
                margin,
                marginIsRelative,
                List.of(terms.getFirst()),
                Measure.Window.ALL,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                List.of());
    }

    private Metric with(OptionalLong lookback) {
        return new Metric(
                name,
                type,
                unit,
                role,
                direction,
                margin,
                marginIsRelative,
                terms,
                window,
                cap,
                lookback,
                level,
                bounds,
                weights);
    }
}
