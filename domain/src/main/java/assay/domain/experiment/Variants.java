package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The arms of an experiment, in the order in which they were declared.
///
/// @param marked true when the declaration itself says which arm is the control
public record Variants(List<Variant> all, boolean marked) {
    public Variants {
        all = List.copyOf(all);
    }

    /// Reads any of the accepted spellings, the stored form among them: an array, or JSON text of
    /// an array, of
    ///
    /// - `{key, name, weight, control}`, where `key` and `name` stand in for each other and `id` or
    ///   `variant` for `key`
    /// - the same with `splitPercentage` (they sum to 100) or `split` (they sum to 1) for `weight`,
    ///   and `isControl` for `control`
    /// - bare texts, which are keys
    ///
    /// Without any weight all arms weigh the same. The control is the one that is marked, else the
    /// one keyed `control`, else the first.
    ///
    /// @throws Refused if it is none of these, or contradicts itself
    public static Variants parse(JsonNode given) {
        return new VariantSyntax().parse(given);
    }

    /// The arm that the others are compared with; empty only when there is no arm.
    public Optional<Variant> control() {
        return all.stream().filter(Variant::control).findFirst();
    }

    /// The arm of a key.
    public Optional<Variant> find(String key) {
        return all.stream().filter(variant -> variant.key().equals(key)).findFirst();
    }

    /// The keys in order.
    public List<String> keys() {
        return all.stream().map(Variant::key).toList();
    }

    /// The same arms with another control.
    ///
    /// @throws Refused if no arm has that key
    public Variants withControl(String key) {
        if (find(key).isEmpty()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "There is no variant %s to be the control.".formatted(Quoted.of(key)),
                            "%sName one of: %s."
                                    .formatted(Nearest.hint(key, keys()), Quoted.all(keys())))
                    .field("control");
        }
        return new Variants(
                all.stream()
                        .map(variant -> variant.withControl(variant.key().equals(key)))
                        .toList(),
                true);
    }

    /// The one form that is stored: an array of `{key, name, weight, control, …}`.
    public ArrayNode toJson() {
        var json = JsonNodeFactory.instance.arrayNode();
        all.forEach(variant -> json.add(variant.toJson()));
        return json;
    }
}
