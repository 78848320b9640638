package assay.domain.query;

/// One criterion of an order. Objects without the value come last either way.
public record SortKey(Path path, boolean descending) {}
