/// Simulations that check what the methods promise: error rates, coverage, power, regret. They take
/// minutes, so they run in the Maven profile `heavy` only; their figures are kept in
/// `docs/statistics-simulations.md`, which a complete run writes.
@org.jspecify.annotations.NullMarked
package assay.stats.simulation;
