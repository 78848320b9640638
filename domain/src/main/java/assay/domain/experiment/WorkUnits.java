package assay.domain.experiment;

import assay.domain.store.Events;
import assay.domain.store.Measure;
import assay.domain.store.UnitValue;
import assay.stats.assignment.SampleRatio;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// The work units of a leased experiment that were ever leased: which were recorded, and how.
///
/// Who runs which unit is no matter of chance there, so a sample ratio means nothing. What can go
/// wrong is that units of one arm get lost: then the items that are left under both arms are a
/// selection.
///
/// @param arms by the key of the arm, in the order of the design
/// @param failed the units whose run failed
/// @param recorded the units whose run was recorded, those included
record WorkUnits(SequencedMap<String, Arm> arms, Set<String> recorded, Set<String> failed) {
    /// The attribute of a unit that names its item.
    static final String ITEM = "$item";

    /// The outcome that every recorded unit has: 1 for a failed run, else 0.
    static final String ERROR = "error";

    /// Every split of the losses is equally likely beforehand: losses are few.
    private static final double CONCENTRATION = 2;

    /// An arm's units.
    ///
    /// @param items that were leased
    /// @param isDropped true when no more of its units are leased
    record Arm(Set<String> items, long leased, long recorded, long failed, boolean isDropped) {
        /// Leased and not recorded, or not yet.
        long missing() {
            return leased - recorded;
        }
    }

    static WorkUnits of(Events events, String experiment, Design design) {
        var iteration = design.iteration();
        var leased =
                events.unitValues(experiment, iteration, Measure.of(Measure.Kind.COUNT, ERROR));
        var failed = new TreeSet<String>();
        for (var unit :
                events.unitValues(experiment, iteration, Measure.of(Measure.Kind.MEAN, ERROR))) {
            if (unit.value() > 0) {
                failed.add(unit.subject());
            }
        }
        return of(design, leased, failed);
    }

    /// @param leased with how many outcomes say how they went
    static WorkUnits of(Design design, List<UnitValue> leased, Set<String> failed) {
        var recorded = new TreeSet<String>();
        var byArm = new HashMap<String, List<UnitValue>>();
        for (var unit : leased) {
            byArm.computeIfAbsent(unit.arm(), _ -> new ArrayList<>()).add(unit);
            if (unit.value() > 0) {
                recorded.add(unit.subject());
            }
        }
        var running = design.running();
        var arms = new LinkedHashMap<String, Arm>();
        for (var arm : design.arms()) {
            var units = byArm.getOrDefault(arm.key(), List.of());
            var items = new TreeSet<String>();
            units.forEach(unit -> items.add(item(unit)));
            arms.put(
                    arm.key(),
                    new Arm(
                            items,
                            units.size(),
                            units.stream().filter(one -> one.value() > 0).count(),
                            units.stream().filter(one -> failed.contains(one.subject())).count(),
                            !running.contains(arm)));
        }
        return new WorkUnits(arms, recorded, failed);
    }

    /// The item of a unit; a unit that names none, as one that was made otherwise, is an item for
    /// itself.
    static String item(UnitValue unit) {
        return unit.attributes().path(ITEM).asString(unit.subject());
    }

    boolean isRecorded(UnitValue unit) {
        return recorded.contains(unit.subject());
    }

    /// Items that were leased under either of two arms.
    long items(String arm, String other) {
        var all = new TreeSet<>(items(arm));
        all.addAll(items(other));
        return all.size();
    }

    private Set<String> items(String arm) {
        var found = arms.get(arm);
        return found == null ? Set.of() : found.items();
    }

    /// The p-value of units going missing as evenly as they are leased, by the sequential
    /// multinomial test, among the arms that are still leased. Units that run just now are missing
    /// too, and evenly so.
    double pValue() {
        var running = arms.values().stream().filter(arm -> !arm.isDropped()).toList();
        var missing = running.stream().map(Arm::missing).toList();
        if (missing.stream().allMatch(n -> n == 0)) {
            return 1;
        }
        return SampleRatio.sequential(
                        missing,
                        running.stream().map(arm -> (double) arm.leased()).toList(),
                        CONCENTRATION)
                .map(SampleRatio.SequentialTest::pValue)
                .toOptional()
                .orElse(1.0);
    }
}
