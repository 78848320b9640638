package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.noun.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a leased experiment may use up at most. What is empty is without bound.
///
/// @param units work units that are leased, each counted once
/// @param tokens of models, in and out, those of judges included
/// @param money in whatever currency the costs are recorded in
/// @param tokensPerUnit what a lease reserves of the tokens until they are recorded
/// @param moneyPerUnit what a lease reserves of the money until it is recorded
public record Budget(
        OptionalLong units,
        OptionalLong tokens,
        OptionalDouble money,
        OptionalLong tokensPerUnit,
        OptionalDouble moneyPerUnit) {
    /// Without bounds.
    public static final Budget NONE =
            new Budget(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty());

    private static final double LARGEST = 1e9;

    /// Reads `{units, tokens, money, perUnit: {tokens, money}}`; missing and null are [#NONE].
    ///
    /// @throws Refused if it cannot be read
    public static Budget of(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return NONE;
        }
        if (!json.isObject()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a budget.".formatted(Quoted.of(json)),
                            "Send budget as an object such as {units: 400}, or {money: 5, perUnit: {money: 0.01}}.")
                    .field("budget");
        }
        var budget =
                new Declaration("budget", "budget", json)
                        .requireMembers(List.of("units", "tokens", "money", "perUnit"));
        var perUnit =
                budget.within("perUnit", List.of("tokens", "money"), "{tokens: 2000, money: 0.01}");
        return new Budget(
                budget.units("units"),
                budget.units("tokens"),
                money(budget),
                perUnit.map(one -> one.units("tokens")).orElse(OptionalLong.empty()),
                perUnit.map(Budget::money).orElse(OptionalDouble.empty()));
    }

    private static OptionalDouble money(Declaration declaration) {
        return declaration.between(
                "money", 0, LARGEST, "Give a number above 0 and below 1,000,000,000.");
    }

    /// As it is declared.
    public ObjectNode toJson() {
        var json = Json.object();
        units.ifPresent(most -> json.set("units", number((double) most)));
        tokens.ifPresent(most -> json.set("tokens", number((double) most)));
        money.ifPresent(most -> json.set("money", number(most)));
        if (tokensPerUnit.isPresent() || moneyPerUnit.isPresent()) {
            var perUnit = json.putObject("perUnit");
            tokensPerUnit.ifPresent(most -> perUnit.set("tokens", number((double) most)));
            moneyPerUnit.ifPresent(most -> perUnit.set("money", number(most)));
        }
        return json;
    }

    private static JsonNode number(double value) {
        return Value.number(BigDecimal.valueOf(value));
    }
}
