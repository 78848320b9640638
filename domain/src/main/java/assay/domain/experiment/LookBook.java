package assay.domain.experiment;

import assay.domain.store.Events;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The looks at results that were taken within one transaction, by whoever works in it.
public final class LookBook {
    private final List<Experiments.PendingLook> looks = new ArrayList<>();
    private boolean appended;
    private Optional<String> bar = Optional.empty();
    private final Set<String> opened = new HashSet<>();

    /// The looks so far, in order.
    public List<Experiments.PendingLook> looks() {
        return List.copyOf(looks);
    }

    /// Those at an iteration whose events were all kept so far, in order.
    List<Events.Look> of(String experiment, long iteration) {
        return looks.stream()
                .filter(look ->
                        !look.isUndone()
                                && look.experiment().equals(experiment)
                                && look.iteration() == iteration)
                .map(Experiments.PendingLook::look)
                .toList();
    }

    /// How many looks there are so far.
    public int size() {
        return looks.size();
    }

    /// A look at which a rule decides once and for all cannot be taken here.
    ///
    /// @param why in words that go on a sentence
    public void barPlannedLooks(String why) {
        bar = Optional.of(why);
    }

    /// Why such looks cannot be taken here, if they cannot.
    public Optional<String> bar() {
        return bar;
    }

    /// An experiment began here that uses up a use of a test split.
    public void opened(String experiment) {
        opened.add(experiment);
    }

    /// True when that was here, so that it may yet be undone.
    public boolean isOpened(String experiment) {
        return opened.contains(experiment);
    }

    void add(Experiments.PendingLook look) {
        looks.add(look);
    }

    /// Events were appended, which later looks may see.
    public void appended() {
        appended = true;
    }

    boolean hasAppended() {
        return appended;
    }

    /// What was appended since there were so many looks is undone: what they saw of it was never
    /// kept.
    public void undoneSince(int size) {
        looks.subList(size, looks.size()).replaceAll(Experiments.PendingLook::undone);
    }
}
