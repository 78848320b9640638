package assay.domain.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a prompt is rendered with: an object whose members are the variables, or anything else,
/// which is the variable `input`. The whole of an object is `input` too, unless it has a member of
/// that name.
///
/// @param json null and missing for nothing
public record Input(JsonNode json) {
    private static final String WHOLE = "input";

    /// The value of a variable; null is none.
    Optional<JsonNode> value(String name) {
        var found = json;
        for (var step : name.split("\\.", -1)) {
            found =
                    found.isArray() && isIndex(step)
                            ? found.path(Integer.parseInt(step))
                            : found.path(step);
        }
        return present(found).or(() -> name.equals(WHOLE) ? present(json) : Optional.empty());
    }

    private static Optional<JsonNode> present(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private static boolean isIndex(String step) {
        return step.length() <= 6
                && !step.isEmpty()
                && step.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// Members of the object that none of these variables takes.
    List<String> unused(List<String> variables) {
        var unused = new ArrayList<String>();
        if (json.isObject() && !(variables.contains(WHOLE) && !json.has(WHOLE))) {
            for (var member : json.propertyNames()) {
                if (variables.stream()
                        .noneMatch(name -> name.equals(member) || name.startsWith(member + "."))) {
                    unused.add(member);
                }
            }
        }
        return unused;
    }
}
