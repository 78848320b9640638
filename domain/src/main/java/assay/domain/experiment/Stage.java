package assay.domain.experiment;

import assay.domain.store.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where a look stands among the looks that the rule plans: whether its estimates may be seen, and
/// whether it decides.
///
/// @param isOpen estimates may be seen
/// @param isNew this look is a planned one that nobody has taken yet
/// @param isLast it is the last planned one
/// @param timing the share of the planned sample at each planned look so far, with this one if it
///   is new
/// @param settled the planned look whose verdict stands, or the last one taken, if there is one
/// @param due units at the next planned look; 0 when none is left, and where every look decides
record Stage(
        boolean isOpen,
        boolean isNew,
        boolean isLast,
        List<Double> timing,
        Optional<Events.Look> settled,
        long due) {
    private static final Stage ANYTIME =
            new Stage(true, false, false, List.of(1.0), Optional.empty(), 0);

    /// @param units exposed so far
    static Stage of(Rule rule, long units, Earlier before) {
        if (rule.methodology().isAnytime()) {
            return ANYTIME;
        }
        var taken = before.planned();
        var timing = new ArrayList<Double>();
        taken.forEach(look -> timing.add(look.numbers().path("stage").doubleValue()));
        var reached = timing.isEmpty() ? 0 : timing.getLast();
        var settled =
                taken.stream()
                        .filter(look ->
                                !look.verdict().equals(Decision.Verdict.KEEP_RUNNING.word()))
                        .findFirst();
        if (settled.isPresent()) {
            return new Stage(true, false, false, timing, settled, 0);
        }
        var last = taken.isEmpty() ? Optional.<Events.Look>empty() : Optional.of(taken.getLast());
        var now = Math.min(1, (double) units / rule.plannedSample());
        for (var share : shares(rule)) {
            if (share > reached && share <= now) {
                timing.add(now);
                return new Stage(true, true, now == 1, timing, last, 0);
            }
            if (share > now) {
                return new Stage(
                        false,
                        false,
                        false,
                        timing,
                        last,
                        (long) Math.ceil(share * rule.plannedSample()));
            }
        }
        return new Stage(false, false, false, timing, last, 0);
    }

    /// The planned looks, as shares of the planned sample.
    static List<Double> shares(Rule rule) {
        return rule.methodology() == Rule.Methodology.FIXED ? List.of(1.0) : rule.looks();
    }

    /// The test of this look.
    Inference inference(Rule rule) {
        return new Inference(rule.methodology(), timing.isEmpty() ? List.of(1.0) : timing);
    }
}
