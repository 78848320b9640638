package assay.domain.loop;

import assay.domain.experiment.Budget;
import assay.domain.store.Leases;
import tools.jackson.databind.JsonNode;

/// What a lease came to.
///
/// @param money in billionths
record Cost(long tokens, long money) {
    /// Reads `inputTokens`, `outputTokens` and `costUsd`. What the budget bounds and nobody tells
    /// came to what was reserved for it.
    static Cost of(JsonNode metrics, Leases.Lease lease, Budget budget) {
        var told = tokens(metrics.path("inputTokens")) + tokens(metrics.path("outputTokens"));
        var isWhole = metrics.hasNonNull("inputTokens") && metrics.hasNonNull("outputTokens");
        return new Cost(
                isWhole || budget.tokens().isEmpty() ? told : Math.max(told, lease.tokens()),
                metrics.hasNonNull("costUsd") || budget.money().isEmpty()
                        ? Reservation.billionths(
                                Math.clamp(metrics.path("costUsd").doubleValue(0), 0, 1e9))
                        : lease.money());
    }

    private static long tokens(JsonNode count) {
        return (long) Math.ceil(Math.clamp(count.doubleValue(0), 0, 1e12));
    }
}
