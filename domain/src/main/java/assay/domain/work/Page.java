package assay.domain.work;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One page of a search.
///
/// @param total how many objects match, on this page or not
/// @param cursor where the next page begins; empty on the last
public record Page(List<ObjectNode> results, long total, Optional<String> cursor) {
    public Page {
        results = List.copyOf(results);
    }
}
