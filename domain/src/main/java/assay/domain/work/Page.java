package assay.domain.work;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One page of a search.
///
/// @param total how many objects match, on this page or not
/// @param cursor where the next page begins; empty on the last, and where pages are counted by
///   offset
/// @param hasMore true when there is a next page
public record Page(List<ObjectNode> results, long total, Optional<String> cursor, boolean hasMore) {
    public Page {
        results = List.copyOf(results);
    }
}
