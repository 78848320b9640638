package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who takes part in an experiment.
///
/// @param audience what attributes a subject needs
/// @param layer which experiments a subject is in only one of
/// @param holdout id or slug of the experiment whose control takes no part in this one
/// @param isHoldout true when this one's control is what others leave out
/// @param attributes the attributes that are kept with an exposure, for slices of the results
public record Population(
        Optional<Audience> audience,
        Optional<Layer> layer,
        Optional<String> holdout,
        boolean isHoldout,
        List<String> attributes) {
    private static final int MOST_ATTRIBUTES = 20;
    private static final int MOST_OVERRIDES = 1_000;

    public Population {
        attributes = List.copyOf(attributes);
    }

    static Population of(ObjectNode experiment) {
        var audience = experiment.path("audience");
        var holdout = experiment.path("holdout").asString("");
        return new Population(
                audience.isMissingNode() || audience.isNull() || Segments.isOpen(audience)
                        ? Optional.empty()
                        : Optional.of(Audience.ofStored("audience", audience)),
                Layer.of(experiment.path("layer"), experiment.path("layerBuckets")),
                holdout.isEmpty() ? Optional.empty() : Optional.of(holdout),
                Allocation.isHoldout(experiment.path("allocation")),
                experiment
                        .path("attributes")
                        .valueStream()
                        .map(name -> name.asString(""))
                        .toList());
    }

    /// Those of a subject's attributes that are kept with its exposure.
    ///
    /// @param given an object, or nothing
    public ObjectNode kept(JsonNode given) {
        var kept = Json.object();
        for (var name : attributes) {
            var value = given.path(name);
            if (value.isString() || value.isNumber() || value.isBoolean()) {
                kept.set(name, value);
            }
        }
        return kept;
    }

    /// Brings a list of names of attributes into the one form that is stored, an array.
    ///
    /// @param given that, or the names with commas between them
    static ArrayNode attributes(JsonNode given) {
        var names = new LinkedHashSet<String>();
        if (given.isString()) {
            for (var name : given.stringValue().split(",", -1)) {
                names.add(name.strip());
            }
        } else if (given.isArray()) {
            given.forEach(name -> names.add(name.isString() ? name.stringValue().strip() : ""));
        }
        if (names.isEmpty() || names.contains("") || names.size() > MOST_ATTRIBUTES) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a list of attributes.".formatted(Quoted.of(given)),
                            "Send attributes as names, at most %d, such as ['plan', 'country']."
                                    .formatted(MOST_ATTRIBUTES))
                    .field("attributes");
        }
        var list = Json.array();
        names.forEach(list::add);
        return list;
    }

    /// Checks what subjects are to get whatever the hash says.
    ///
    /// @param given `{subject: key}`
    /// @param keys of the variants
    static void requireOverrides(JsonNode given, List<String> keys) {
        if (!given.isObject() || given.size() > MOST_OVERRIDES) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a list of overrides.".formatted(Quoted.of(given)),
                            "Send overrides as {subject: key of a variant}, at most %,d of them."
                                    .formatted(MOST_OVERRIDES))
                    .field("overrides");
        }
        for (var override : given.properties()) {
            var key = override.getValue().asString("");
            if (!keys.contains(key)) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "There is no variant %s to override with."
                                        .formatted(Quoted.of(override.getValue())),
                                "%sName one of: %s."
                                        .formatted(Nearest.hint(key, keys), Quoted.all(keys)))
                        .field("overrides." + override.getKey());
            }
        }
    }

    /// The overrides of a document, the key of the variant by subject.
    static Map<String, String> overrides(ObjectNode experiment) {
        var overrides = new HashMap<String, String>();
        experiment
                .path("overrides")
                .properties()
                .forEach(one -> overrides.put(one.getKey(), one.getValue().asString("")));
        return Map.copyOf(overrides);
    }
}
