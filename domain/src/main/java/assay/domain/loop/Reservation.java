package assay.domain.loop;

import assay.domain.experiment.Budget;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// What one call of a model may use up at most, as far as can be told before it is made.
///
/// @param money in billionths of the unit that costs are recorded in
record Reservation(long tokens, long money) {
    static final Reservation NOTHING = new Reservation(0, 0);

    /// Money is counted in whole billionths, so that sums are exact.
    private static final double BILLION = 1e9;

    /// Characters of a token, as a rule of thumb.
    private static final int PER_TOKEN = 4;

    /// More than any budget holds, and little enough that sums over all leases stay exact.
    private static final BigInteger MOST_TOKENS = BigInteger.valueOf(1_000_000_000_000L);

    /// The most tokens that a model may give, as the parameters of models call it.
    private static final List<String> LIMITS =
            List.of(
                    "max_tokens",
                    "max_completion_tokens",
                    "max_output_tokens",
                    "maxTokens",
                    "maxOutputTokens");

    /// What a lease reserves: what the budget says for each unit, else the limit of the model's
    /// answer and about as many tokens as the messages have. Money that nothing bounds is not
    /// reserved.
    ///
    /// @param characters of the messages
    static Reservation of(Budget budget, JsonNode parameters, int characters) {
        return new Reservation(
                budget.tokensPerUnit()
                        .orElseGet(() ->
                                limit(parameters).orElse(0) + Math.ceilDiv(characters, PER_TOKEN)),
                budget.money().isPresent() && budget.moneyPerUnit().isPresent()
                        ? billionths(budget.moneyPerUnit().getAsDouble())
                        : 0);
    }

    /// The most tokens that the model may answer with, if its parameters say so, [#MOST_TOKENS] at
    /// most.
    static OptionalLong limit(JsonNode parameters) {
        for (var name : LIMITS) {
            var limit = parameters.path(name);
            if (limit.isIntegralNumber() && limit.bigIntegerValue().signum() > 0) {
                return OptionalLong.of(limit.bigIntegerValue().min(MOST_TOKENS).longValue());
            }
        }
        return OptionalLong.empty();
    }

    static long billionths(double money) {
        return Math.round(money * BILLION);
    }

    static double money(long billionths) {
        return billionths / BILLION;
    }
}
