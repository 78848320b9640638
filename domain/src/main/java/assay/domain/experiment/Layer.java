package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The place of an experiment among those of which a subject may be in one only.
///
/// @param name what the experiments share
/// @param share percentage of the layer's subjects that this one reserves
/// @param ranges the buckets of the layer that it got at its start; empty before
public record Layer(String name, BigDecimal share, List<Range> ranges) {
    private static final int LONGEST_NAME = 200;
    private static final BigDecimal WHOLE = BigDecimal.valueOf(100);

    public Layer {
        ranges = List.copyOf(ranges);
    }

    /// How many buckets the share comes to.
    int buckets() {
        return share.movePointRight(2).setScale(0, RoundingMode.HALF_UP).intValueExact();
    }

    /// What the hash of a layer begins with.
    String seed() {
        return "layer/" + name;
    }

    boolean has(int bucket) {
        for (var range : ranges) {
            if (range.has(bucket)) {
                return true;
            }
        }
        return false;
    }

    /// Brings a layer into the one form that is stored: `{name, share}`.
    ///
    /// @param given that, or only the name, which is all of the layer
    static ObjectNode parse(JsonNode given) {
        var name = (given.isObject() ? given.path("name") : given).asString("").strip();
        var share = given.path("share");
        var isKnown =
                given.isString()
                        || (given.isObject()
                                && List.of("name", "share").containsAll(given.propertyNames()));
        if (!isKnown || name.isEmpty() || name.length() > LONGEST_NAME) {
            throw refused(given);
        }
        var percent = given.hasNonNull("share") ? percent(share) : WHOLE;
        var layer = JsonNodeFactory.instance.objectNode().put("name", name);
        return layer.set("share", Value.number(percent));
    }

    private static BigDecimal percent(JsonNode share) {
        if (!share.isNumber()
                || share.doubleValue() < 0.01
                || share.doubleValue() > WHOLE.doubleValue()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a share of a layer.".formatted(Quoted.of(share)),
                            "Send layer.share as a percentage from 0.01 to 100.")
                    .field("layer.share");
        }
        return share.decimalValue();
    }

    private static Refused refused(JsonNode given) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not a layer.".formatted(Quoted.of(given)),
                        "Send layer as {name: 'checkout', share: 50}, the share in percent of the subjects.")
                .field("layer");
    }

    /// Reads the layer of a design.
    ///
    /// @param stored `{name, share}`
    /// @param reserved `[[from, to], …]`
    static Optional<Layer> of(JsonNode stored, JsonNode reserved) {
        if (stored.isMissingNode() || stored.isNull()) {
            return Optional.empty();
        }
        var parsed = parse(stored);
        return Optional.of(
                new Layer(
                        parsed.path("name").stringValue(),
                        parsed.path("share").decimalValue(),
                        reserved.valueStream()
                                .map(range ->
                                        new Range(range.path(0).asInt(0), range.path(1).asInt(0)))
                                .toList()));
    }
}
