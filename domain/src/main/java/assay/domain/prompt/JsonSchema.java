package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A JSON Schema of an agent, draft 2020-12. It is read from nowhere but the judge, and its regular
/// expressions are bounded.
final class JsonSchema {
    private static final int MOST_ERRORS = 5;
    private static final int LARGEST = 5_000;
    private static final String DRAFT = SpecificationVersion.DRAFT_2020_12.getDialectId();

    private final Schema schema;

    private JsonSchema(Schema schema) {
        this.schema = schema;
    }

    /// @throws Refused if it is no schema
    static JsonSchema of(JsonNode json) {
        try {
            if (!(json instanceof ObjectNode object)) {
                throw wrong(json, "it is not an object");
            }
            // What it calls itself does not matter, as nothing refers to it from outside.
            var schema = object.deepCopy().without("$id");
            var _ = size(schema, schema, new HashMap<>(), new HashSet<>());
            var registry = registry();
            var faults = registry.getSchema(SchemaLocation.of(DRAFT)).validate(schema);
            if (!faults.isEmpty()) {
                throw wrong(json, faults.getFirst().toString());
            }
            return new JsonSchema(registry.getSchema(schema));
        } catch (SchemaException | StackOverflowError unusable) {
            throw wrong(json, String.valueOf(unusable.getMessage()));
        }
    }

    /// The size of a part with all that it refers to in its place. References that lead round in a
    /// circle, and those that multiply, would make a check of a value take forever.
    ///
    /// @param known sizes by pointer
    /// @param open the pointers that led here
    private static long size(
            JsonNode part, JsonNode whole, Map<String, Long> known, Set<String> open) {
        var size = 1L;
        for (var member : part.properties()) {
            var value = member.getValue();
            if (value.isString() && List.of("$dynamicRef", "$id").contains(member.getKey())) {
                throw wrong(whole, member.getKey() + " is not taken");
            }
            checkPatterns(member.getKey(), value);
            size +=
                    member.getKey().equals("$ref") && value.isString()
                            ? referred(value, whole, known, open)
                            : size(value, whole, known, open);
        }
        if (part.isArray()) {
            for (var member : part) {
                size += size(member, whole, known, open);
            }
        }
        if (size > LARGEST) {
            throw wrong(whole, "it is too large with all that it refers to");
        }
        return size;
    }

    private static void checkPatterns(String key, JsonNode value) {
        if (key.equals("pattern") && value.isString()) {
            var _ = BoundedPattern.of("schema", value.stringValue());
        }
        if (key.equals("patternProperties") && value.isObject()) {
            value.propertyNames().forEach(regex -> BoundedPattern.of("schema", regex));
        }
    }

    private static long referred(
            JsonNode reference, JsonNode whole, Map<String, Long> known, Set<String> open) {
        var pointer = reference.asString("");
        var target = pointer.startsWith("#/") ? whole.at(pointer.substring(1)) : whole.path("");
        if (target.isMissingNode()) {
            throw wrong(whole, "%s is no part of it".formatted(pointer));
        }
        var size = known.get(pointer);
        if (size != null) {
            return size;
        }
        if (!open.add(pointer)) {
            throw wrong(whole, "%s leads round in a circle".formatted(pointer));
        }
        var found = size(target, whole, known, open);
        open.remove(pointer);
        known.put(pointer, found);
        return found;
    }

    /// One for each schema: what it knows is never that of another.
    private static SchemaRegistry registry() {
        var settings =
                SchemaRegistryConfig.builder()
                        .locale(Locale.ROOT)
                        .preloadSchema(true)
                        .regularExpressionFactory(
                                regex -> BoundedPattern.of("schema", regex)::isFoundIn)
                        .build();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder ->
                        builder.schemaRegistryConfig(settings)
                                .schemaLoader(loader -> loader.fetchRemoteResources(false)));
    }

    private static Refused wrong(JsonNode json, String why) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is no JSON Schema: %s.".formatted(Quoted.of(json), Quoted.of(why)),
                        "Send schema as in {type: 'object', properties: {answer: {type: 'string'}}, required: ['answer']}, with $ref only as in #/$defs/name, and not in a circle.")
                .field("schema");
    }

    /// What is wrong with a value, at most five things.
    ///
    /// @throws Refused if the schema leads round in a circle
    List<String> errors(JsonNode value) {
        try {
            return schema.validate(value).stream()
                    .limit(MOST_ERRORS)
                    .map(Object::toString)
                    .toList();
        } catch (SchemaException | StackOverflowError unusable) {
            throw wrong(schema.getSchemaNode(), String.valueOf(unusable.getMessage()));
        }
    }
}
