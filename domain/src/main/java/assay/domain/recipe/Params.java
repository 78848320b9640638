package assay.domain.recipe;

import assay.domain.JsonTree;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a recipe takes: the part of JSON Schema that agents know from tools. `{type: 'object',
/// properties: {name: {type, description, enum, default, examples, minimum, maximum, items,
/// minItems, minProperties}}, required: [names]}`. Names that are not declared are refused.
public final class Params {
    private static final List<String> KEYS =
            List.of("type", "properties", "required", "description");
    private static final List<String> PARAMETER_KEYS =
            List.of(
                    "type",
                    "description",
                    "enum",
                    "default",
                    "examples",
                    "minimum",
                    "maximum",
                    "items",
                    "minItems",
                    "minProperties");

    private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    private final List<String> required = new ArrayList<>();

    private Params() {}

    /// Reads a declaration.
    ///
    /// @throws Refused if it is none, naming the place in it
    public static Params of(JsonNode declared) {
        if (!(declared instanceof ObjectNode schema) || !isObjectSchema(schema)) {
            throw malformed(
                    "params",
                    "%s does not say what the recipe takes.".formatted(Quoted.of(declared)));
        }
        checkKeys("params", schema, KEYS);
        var params = new Params();
        for (var member : schema.path("properties").properties()) {
            params.parameters.put(
                    member.getKey(),
                    parameter("params.properties." + member.getKey(), member.getValue()));
        }
        for (var name : schema.path("required")) {
            if (!params.parameters.containsKey(name.asString(""))) {
                throw malformed(
                        "params.required",
                        "%s is required and not among the properties.".formatted(Quoted.of(name)));
            }
            params.required.add(name.stringValue());
        }
        return params;
    }

    private static boolean isObjectSchema(ObjectNode schema) {
        return schema.path("type").asString("object").equals("object")
                && (schema.isEmpty() || schema.path("properties").isObject());
    }

    private static Parameter parameter(String path, JsonNode declared) {
        if (!(declared instanceof ObjectNode schema)) {
            throw malformed(
                    path, "%s does not declare a parameter.".formatted(Quoted.of(declared)));
        }
        checkKeys(path, schema, PARAMETER_KEYS);
        var type = schema.path("type");
        if (!type.isMissingNode() && Type.of(type.asString("")).isEmpty()) {
            throw malformed(
                    path + ".type",
                    "%s is not a type of a parameter; use one of: %s."
                            .formatted(Quoted.of(type), String.join(", ", Type.words())));
        }
        var items = schema.get("items");
        if (items != null) {
            parameter(path + ".items", items);
        }
        var parameter = new Parameter(schema);
        parameter
                .initial()
                .flatMap(parameter::fault)
                .ifPresent(fault -> {
                    throw malformed(
                            path + ".default",
                            "%s is %s.".formatted(fault.value(), fault.problem()));
                });
        return parameter;
    }

    private static void checkKeys(String path, ObjectNode schema, List<String> known) {
        for (var key : schema.propertyNames()) {
            if (!known.contains(key)) {
                throw malformed(
                        path + "." + key,
                        "%s means nothing in params; use only: %s."
                                .formatted(Quoted.of(key), String.join(", ", known)));
            }
        }
    }

    private static Refused malformed(String field, String problem) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        problem,
                        "Send params like {type: 'object', properties: {name: {type: 'string'}}, required: ['name']}.")
                .field(field);
    }

    /// The values that a recipe is run with: those given, and the declared defaults.
    ///
    /// @param recipe its name, for the refusal
    /// @param given what the caller sent; missing or null for nothing
    /// @throws Refused if they do not fit the declaration
    public ObjectNode filled(String recipe, JsonNode given) {
        var values = values(recipe, given);
        for (var name : values.propertyNames()) {
            var parameter = parameters.get(name);
            if (parameter == null) {
                throw unknown(recipe, name);
            }
            parameter
                    .fault(values.path(name))
                    .ifPresent(fault -> {
                        throw invalid(recipe, name, fault);
                    });
        }
        for (var name : required) {
            if (!values.has(name)) {
                throw missing(recipe, name, values);
            }
        }
        var filled = Json.object();
        parameters.forEach((name, parameter) ->
                Optional.ofNullable(values.get(name))
                        .or(parameter::initial)
                        .ifPresent(value -> filled.set(name, value)));
        return filled;
    }

    /// The values that were given with names and types put right, where that is all that is wrong
    /// with them: nothing is left out, and nothing put in that the caller did not send.
    public Optional<ObjectNode> corrected(JsonNode given) {
        if (!(given instanceof ObjectNode values)) {
            return Optional.empty();
        }
        var corrected = Json.object();
        for (var value : values.properties()) {
            var name = known(value.getKey(), values).filter(known -> !corrected.has(known));
            var meant =
                    name.flatMap(known -> Optional.ofNullable(parameters.get(known)))
                            .flatMap(parameter -> parameter.meant(value.getValue()));
            if (name.isEmpty() || meant.isEmpty()) {
                return Optional.empty();
            }
            corrected.set(name.get(), meant.get());
        }
        return required.stream().allMatch(corrected::has)
                ? Optional.of(corrected)
                : Optional.empty();
    }

    private Optional<String> known(String name, ObjectNode values) {
        return parameters.containsKey(name)
                ? Optional.of(name)
                : Nearest.to(name, parameters.keySet())
                        .filter(near -> !values.has(near) && Parameter.isMisspelt(name, near));
    }

    /// What the recipe takes, in a few words: `name, metric, variants?`.
    public String brief() {
        if (parameters.isEmpty()) {
            return "nothing";
        }
        var names = new ArrayList<String>();
        parameters.keySet().forEach(name -> names.add(required.contains(name) ? name : name + "?"));
        return String.join(", ", names);
    }

    private ObjectNode values(String recipe, JsonNode given) {
        if (given.isMissingNode() || given.isNull()) {
            return Json.object();
        }
        if (given instanceof ObjectNode values) {
            return values;
        }
        throw new Refused(
                        Reason.INVALID_VALUE,
                        "%s cannot be the params of the recipe %s."
                                .formatted(Quoted.of(given), Quoted.of(recipe)),
                        "Send params as an object. The recipe takes: %s.%s"
                                .formatted(brief(), example(required)))
                .field("params");
    }

    private Refused unknown(String recipe, String name) {
        return new Refused(
                        Reason.UNKNOWN_FIELD,
                        "The recipe %s has no parameter %s."
                                .formatted(Quoted.of(recipe), Quoted.of(name)),
                        Nearest.hint(name, parameters.keySet())
                                + "It takes: %s.".formatted(brief()))
                .field("params." + name);
    }

    private Refused missing(String recipe, String name, ObjectNode values) {
        var parameter = parameters.get(name);
        var meaning = parameter == null ? "" : parameter.description();
        var absent = required.stream().filter(one -> !values.has(one)).toList();
        return new Refused(
                        Reason.MISSING_FIELD,
                        "The recipe %s needs the parameter %s."
                                .formatted(Quoted.of(recipe), Quoted.of(name)),
                        "%sSend %s of your own in params. The recipe takes: %s.%s"
                                .formatted(
                                        meaning.isEmpty()
                                                ? ""
                                                : "It is %s. ".formatted(Quoted.of(meaning)),
                                        String.join(" and ", absent),
                                        brief(),
                                        example(absent)))
                .field("params." + name);
    }

    /// A sentence that shows values of parameters, with a blank before it.
    private String example(List<String> names) {
        var example = Json.object();
        for (var name : names) {
            Optional.ofNullable(parameters.get(name))
                    .ifPresent(parameter -> example.set(name, parameter.example()));
        }
        return example.isEmpty()
                ? ""
                : " An example of what they look like: %s.".formatted(JsonTree.text(example));
    }

    private static Refused invalid(String recipe, String name, Parameter.Fault fault) {
        var path = "params." + name + fault.where();
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s of the recipe %s is %s, which is %s."
                                .formatted(path, Quoted.of(recipe), fault.value(), fault.problem()),
                        "Send %s %s.".formatted(path, fault.repair()))
                .field(path);
    }
}
