package assay.domain.experiment;

import java.util.ArrayList;
import java.util.List;

/// What the callers within one transaction are warned of.
public final class Warnings {
    private final List<Warning> all = new ArrayList<>();

    /// The warnings so far, in order.
    public List<Warning> all() {
        return List.copyOf(all);
    }

    /// How many warnings there are so far.
    public int size() {
        return all.size();
    }

    void add(Warning warning) {
        all.add(warning);
    }

    /// What was done since there were so many warnings is undone, and nobody is to be warned of it.
    public void undoneSince(int size) {
        all.subList(size, all.size()).clear();
    }
}
