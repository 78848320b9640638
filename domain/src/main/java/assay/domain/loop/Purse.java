package assay.domain.loop;

import assay.domain.IsoTime;
import assay.domain.experiment.Budget;
import assay.domain.experiment.Design;
import assay.domain.store.Leases;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
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
    private final EnumMap<Leases.Purpose, Leases.Held> held = new EnumMap<>(Leases.Purpose.class);

    /// What an iteration has left now.
    ///
    /// @param now milliseconds since 1970
    Purse(Leases leases, long now, String experiment, Design design) {
        var iteration = design.iteration();
        this.budget = design.leased().orElseThrow().budget();
        this.mostMoney =
                budget.money().isPresent()
                        ? OptionalLong.of(Reservation.billionths(budget.money().getAsDouble()))
                        : OptionalLong.empty();
        var spent = leases.spent(experiment, iteration);
        this.units = spent.units();
        this.tokens = spent.tokens();
        this.money = leases.spentMoney(experiment, iteration);
        for (var purpose : Leases.Purpose.values()) {
            var open = leases.held(experiment, iteration, purpose, now);
            held.put(purpose, open);
            tokens += open.tokens();
            money += open.money();
        }
    }

    /// Who else holds some of the budget, in words, such as `leases hold 2 units and 1 judgement,
    /// the first until …`: of all purposes, for they draw on the same budget. Empty when nobody did
    /// before this purse was opened.
    Optional<String> others() {
        return holders(Leases.Purpose.values());
    }

    /// The same of some purposes.
    Optional<String> holders(Leases.Purpose... purposes) {
        var live = new ArrayList<String>();
        var until = Long.MAX_VALUE;
        for (var purpose : purposes) {
            var one = held(purpose);
            if (one.live() > 0) {
                live.add(Shown.count(one.live(), word(purpose)));
                until = Math.min(until, one.until());
            }
        }
        return live.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "leases hold %s, the first until %s"
                                .formatted(String.join(" and ", live), IsoTime.text(until)));
    }

    private Leases.Held held(Leases.Purpose purpose) {
        return Objects.requireNonNull(held.get(purpose));
    }

    /// How many leases of a purpose had not run out when this purse was opened.
    long live(Leases.Purpose purpose) {
        return held(purpose).live();
    }

    /// The same of all purposes.
    long live() {
        return held.values().stream().mapToLong(Leases.Held::live).sum();
    }

    private static String word(Leases.Purpose purpose) {
        return purpose == Leases.Purpose.RUN ? "unit" : "judgement";
    }

    /// How many leases of all purposes ran out without a record, and hold what they reserved.
    long lapsed() {
        return held.values().stream().mapToLong(Leases.Held::lapsed).sum();
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

    /// The first bound that is less than what is gone, as a word of the budget.
    Optional<String> exceeded() {
        if (exceeds(units, 0, budget.units())) {
            return Optional.of("units");
        }
        if (exceeds(tokens, 0, budget.tokens())) {
            return Optional.of("tokens");
        }
        return exceeds(money, 0, mostMoney) ? Optional.of("money") : Optional.empty();
    }

    /// How much of a bound is gone, as a number in words.
    String gone(String bound) {
        return switch (bound) {
            case "units" -> Long.toString(units);
            case "tokens" -> Long.toString(tokens);
            default -> plain(money);
        };
    }

    private static boolean exceeds(long used, long more, OptionalLong most) {
        return most.isPresent() && used > most.getAsLong() - more;
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

    /// What is left of each bound, in words.
    List<String> left() {
        var left = new ArrayList<String>();
        budget.units().ifPresent(most -> left.add(Shown.count(Math.max(0, most - units), "unit")));
        budget.tokens()
                .ifPresent(most -> left.add(Shown.count(Math.max(0, most - tokens), "token")));
        mostMoney.ifPresent(most -> left.add(plain(Math.max(0, most - money)) + " money"));
        return left;
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
