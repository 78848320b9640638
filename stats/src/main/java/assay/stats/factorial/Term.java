package assay.stats.factorial;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A main effect (one factor) or an interaction (several).
public record Term(List<Factor> factors) {
    public Term {
        factors = List.copyOf(factors);
    }

    /// The factors' names joined by colons.
    public String name() {
        return factors.stream().map(Factor::name).collect(Collectors.joining(":"));
    }

    /// Combinations of all levels but the first of each factor, the first factor varying fastest.
    List<List<String>> otherLevels() {
        return combinations(factor -> factor.levels().subList(1, factor.levels().size()));
    }

    /// Combinations of all levels but the last of each factor, the first factor varying fastest.
    List<List<String>> leadingLevels() {
        return combinations(factor -> factor.levels().subList(0, factor.levels().size() - 1));
    }

    private List<List<String>> combinations(Function<Factor, List<String>> levels) {
        List<List<String>> result = List.of(List.of());
        for (var factor : factors) {
            List<List<String>> longer = new ArrayList<>();
            for (var level : levels.apply(factor)) {
                for (var start : result) {
                    var combination = new ArrayList<>(start);
                    combination.add(level);
                    longer.add(combination);
                }
            }
            result = longer;
        }
        return result;
    }
}
