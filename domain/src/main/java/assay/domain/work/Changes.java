package assay.domain.work;

import assay.domain.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// What a unit of work has changed so far, in order.
final class Changes {
    /// What the engine does over and over.
    private static final Set<String> APPENDS = Set.of("assign", "record");

    private final List<Change> all = new ArrayList<>();

    /// Changes before this one may have to outlive what comes, so nothing is added to them.
    private int settled;

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
        for (var i = all.size() - 1; i >= settled; i--) {
            var earlier = all.get(i);
            if (!APPENDS.contains(earlier.action()) && !earlier.action().equals("run")) {
                break;
            }
            if (APPENDS.contains(change.action())
                    && earlier.action().equals(change.action())
                    && earlier.id().equals(change.id())) {
                for (var count : change.after().properties()) {
                    earlier.after()
                            .put(
                                    count.getKey(),
                                    earlier.after().path(count.getKey()).asLong(0)
                                            + count.getValue().asLong(0));
                }
                return;
            }
        }
        all.add(change);
    }

    /// Runs several writes, and forgets their changes if one fails.
    <T> T orNone(Supplier<T> writes) {
        var before = all.size();
        var outer = settled;
        settled = before;
        try {
            return writes.get();
        } catch (RuntimeException failure) {
            all.subList(before, all.size()).clear();
            throw failure;
        } finally {
            settled = outer;
        }
    }
}
