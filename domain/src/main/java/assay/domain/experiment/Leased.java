package assay.domain.experiment;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What makes an experiment one whose units are leased: each item of a dataset is run under each
/// arm, so many times.
///
/// @param dataset its id once the experiment has started, before that also its slug
/// @param split train, validation or test
/// @param repetitions how often each item is run under each arm
/// @param judge who scores the outputs: its id once the experiment has started; empty when whoever
///   runs the units does
/// @param testUses how many experiments may use the test split, which share alpha; 1 for the other
///   splits
/// @param dropped the arms of which no unit is leased any more
public record Leased(
        String dataset,
        String split,
        int repetitions,
        Budget budget,
        Optional<String> judge,
        int testUses,
        Set<String> dropped) {
    /// The split that stands for what is still to come.
    public static final String TEST = "test";

    /// The split that is used when none is named.
    public static final String USUAL_SPLIT = "validation";

    public Leased {
        dropped = Set.copyOf(dropped);
    }

    /// True when an experiment leases its units.
    public static boolean is(ObjectNode experiment) {
        return experiment.hasNonNull("dataset");
    }

    /// Reads what an experiment leases; empty for one that is online.
    static Optional<Leased> of(ObjectNode experiment) {
        if (!is(experiment)) {
            return Optional.empty();
        }
        return Optional.of(
                new Leased(
                        experiment.path("dataset").asString(""),
                        experiment.path("split").asString(USUAL_SPLIT),
                        experiment.path("repetitions").asInt(1),
                        Budget.of(experiment.path("budget")),
                        Optional.of(experiment.path("judge").asString(""))
                                .filter(judge -> !judge.isEmpty()),
                        experiment.path("testUses").asInt(1),
                        experiment
                                .path("dropped")
                                .valueStream()
                                .map(one -> one.path("arm").asString(""))
                                .collect(Collectors.toSet())));
    }

    /// True when it runs on the items that stand for what is still to come.
    public boolean isTest() {
        return split.equals(TEST);
    }
}
