package assay.stats.factorial;

import java.util.List;

/// One thing that is varied, with its levels; the first one is the reference.
public record Factor(String name, List<String> levels) {
    public Factor {
        levels = List.copyOf(levels);
        if (levels.size() < 2) {
            throw new IllegalArgumentException("A factor needs two levels: " + name);
        }
    }
}
