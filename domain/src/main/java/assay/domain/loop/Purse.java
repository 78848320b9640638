package assay.domain.loop;

import assay.domain.experiment.Budget;
import assay.domain.store.Leases;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/// What is left of a budget while leases are granted: what was used up and what open leases hold is
/// gone from it.
final class Purse {
    private final Budget budget;
    private final OptionalLong mostMoney;
    private long units;
    private long tokens;
    private long money;

    /// What an iteration has left.
    ///
    /// @param now milliseconds since 1970
    Purse(Leases leases, String experiment, long iteration, Budget budget, long now) {
        this.budget = budget;
        this.mostMoney =
                budget.money().isPresent()
                        ? OptionalLong.of(Reservation.billionths(budget.money().getAsDouble()))
                        : OptionalLong.empty();
        var spent = leases.spent(experiment, iteration);
        this.units = spent.units();
        this.tokens = spent.tokens();
        this.money = leases.spentMoney(experiment, iteration);
        for (var purpose : Leases.Purpose.values()) {
            var held = leases.held(experiment, iteration, purpose, now);
            tokens += held.tokens();
            money += held.money();
        }
    }

    /// Which bound keeps a lease from being granted, as a word of the budget; empty when there is
    /// enough.
    ///
    /// @param isNew true for a unit that was never leased before
    Optional<String> lacks(Reservation reservation, boolean isNew) {
        if (isNew && exceeds(units, 1, budget.units())) {
            return Optional.of("units");
        }
        if (exceeds(tokens, reservation.tokens(), budget.tokens())) {
            return Optional.of("tokens");
        }
        return exceeds(money, reservation.money(), mostMoney)
                ? Optional.of("money")
                : Optional.empty();
    }

    private static boolean exceeds(long used, long more, OptionalLong most) {
        return most.isPresent() && used + more > most.getAsLong();
    }

    void take(Reservation reservation, boolean isNew) {
        units += isNew ? 1 : 0;
        tokens += reservation.tokens();
        money += reservation.money();
    }

    /// How many units may still be leased for the first time, as far as units are bounded.
    long unitsLeft(long wanted) {
        return budget.units().isPresent()
                ? Math.clamp(budget.units().getAsLong() - units, 0, wanted)
                : wanted;
    }

    /// What is bounded and how much of it is gone, in words.
    String text(String bound) {
        return switch (bound) {
            case "units" -> "%,d of %,d units".formatted(units, budget.units().orElse(0));
            case "tokens" -> "%,d of %,d tokens".formatted(tokens, budget.tokens().orElse(0));
            default -> "%s of %s money".formatted(plain(money), plain(mostMoney.orElse(0)));
        };
    }

    private static String plain(long billionths) {
        return BigDecimal.valueOf(billionths, 9).stripTrailingZeros().toPlainString();
    }
}
