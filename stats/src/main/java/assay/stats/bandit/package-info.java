/// Allocation that learns, and estimates that stay valid under it.
@org.jspecify.annotations.NullMarked
package assay.stats.bandit;
