package assay.domain.work;

import assay.domain.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What a unit of work has changed so far, in order.
final class Changes {
    /// What the engine does over and over.
    private static final Set<String> APPENDS = Set.of("assign", "record", "next", "judge");

    private static final String EXPERIMENT = "Experiment";

    private final List<Change> all = new ArrayList<>();

    List<Change> all() {
        return List.copyOf(all);
    }

    void add(Change change) {
        all.add(change);
    }

    /// Puts another change in the place of the last one.
    void replaceLast(Change change) {
        all.set(all.size() - 1, change);
    }

    /// Adds a change of the engine's, or its counts to the entry of the same kind, when nothing but
    /// the engine's own came after that.
    void addOrMerge(Change change) {
        for (var i = all.size() - 1; i >= 0 && isOfEngine(all.get(i)); i--) {
            var earlier = all.get(i);
            if (APPENDS.contains(change.action())
                    && earlier.action().equals(change.action())
                    && earlier.id().equals(change.id())) {
                all.set(i, sum(earlier, change));
                return;
            }
        }
        all.add(change);
    }

    private static boolean isOfEngine(Change change) {
        return change.type().equals(EXPERIMENT)
                && (APPENDS.contains(change.action()) || change.action().equals("run"));
    }

    private static Change sum(Change earlier, Change later) {
        var counts = earlier.after().deepCopy();
        for (var count : later.after().properties()) {
            counts.put(
                    count.getKey(),
                    counts.path(count.getKey()).asLong(0) + count.getValue().asLong(0));
        }
        return new Change(earlier.action(), earlier.type(), earlier.id(), earlier.before(), counts);
    }

    /// Runs several writes, and forgets what they changed if one fails.
    <T> T orNone(Supplier<T> writes) {
        var before = all();
        try {
            return writes.get();
        } catch (RuntimeException failure) {
            all.clear();
            all.addAll(before);
            throw failure;
        }
    }
}
