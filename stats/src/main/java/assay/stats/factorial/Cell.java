package assay.stats.factorial;

import assay.stats.Sample;
import java.util.List;

/// The units that saw one combination of levels.
///
/// @param levels one per factor, in the order of the factors
public record Cell(List<String> levels, Sample sample) {
    public Cell {
        levels = List.copyOf(levels);
    }
}
