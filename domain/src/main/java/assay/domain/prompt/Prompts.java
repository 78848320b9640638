package assay.domain.prompt;

import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.noun.Noun;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Prompts in versions. A version is an object whose content never changes; all that descend from
/// one first version are its family.
public final class Prompts {
    /// The noun.
    public static final String PROMPT = "Prompt";

    /// What the next version takes over from the one before unless it is told otherwise.
    private static final List<String> INHERITED =
            List.of("name", "tags", "template", "messages", "model", "parameters");

    /// Ancestors that are shown at most.
    private static final int DEEPEST = 200;

    private final Scope scope;
    private final Noun noun;

    public Prompts(Scope scope) {
        this.scope = scope;
        this.noun = scope.nouns().require(PROMPT);
    }

    /// The version with this id or key, or the newest of a family.
    ///
    /// @throws Refused if there is none
    public StoredObject require(String idOrKey) {
        return find(idOrKey).orElseGet(() -> scope.require().apply(noun, idOrKey));
    }

    /// The same, if there is one.
    public Optional<StoredObject> find(String idOrKey) {
        return scope.find().apply(noun, idOrKey).or(() -> newest(idOrKey));
    }

    private Optional<StoredObject> newest(String family) {
        return family(family).stream()
                .max(
                        Comparator.comparingLong(
                                version -> version.document().path("number").asLong(0)));
    }

    /// The versions of a family in the order in which they were made.
    private List<StoredObject> family(String family) {
        return scope.objects().inOrder(noun, "family", family);
    }

    /// Makes the next version: the given one with changes. When the family has a version of just
    /// this content already, that one is the answer and nothing is made.
    ///
    /// @param changes fields of the noun; null clears one
    public ObjectNode version(String idOrKey, ObjectNode changes) {
        var parent = require(idOrKey);
        var data = Json.object();
        for (var field : INHERITED) {
            parent.document().optional(field).ifPresent(value -> data.set(field, value));
        }
        if (changes.hasNonNull("template")) {
            data.remove("messages");
        }
        if (changes.hasNonNull("messages")) {
            data.remove("template");
        }
        changes.properties().forEach(member -> data.set(member.getKey(), member.getValue()));
        data.put("parent", parent.id());
        return same(parent, data)
                .map(scope.entity())
                .orElseGet(() -> scope.create().apply(noun, data));
    }

    private Optional<StoredObject> same(StoredObject parent, ObjectNode data) {
        var isReadable =
                data.properties().stream()
                        .allMatch(member -> noun.fields().containsKey(member.getKey()));
        var isText = data.path("messages").isString() || data.path("parameters").isString();
        if (!isReadable
                || isText
                || (data.hasNonNull("template") && !data.path("template").isString())) {
            // The verb reads it, or says what is wrong with it.
            return Optional.empty();
        }
        var hash = PromptContent.of(data).hash();
        return family(parent.document().path("family").asString("")).stream()
                .filter(version -> version.document().path("hash").asString("").equals(hash))
                .findFirst();
    }

    /// The messages as they would be sent to the model.
    ///
    /// @param input members are the variables, see [Input]
    /// @param options `{partial: true}` lets variables stay that the input has no value for
    /// @return `{prompt, key, messages, model?, parameters?, missing, unused?}`
    public ObjectNode render(String idOrKey, JsonNode input, JsonNode options) {
        var version = require(idOrKey);
        var content = PromptContent.of(version.document());
        var values = new Input(input);
        var missing = content.missing(values);
        if (!missing.isEmpty() && !options.path("partial").asBoolean(false)) {
            throw missing(version, missing, input);
        }
        var json = Json.object().put("prompt", version.id()).put("key", key(version));
        json.set("messages", content.render(values));
        if (!content.model().isEmpty()) {
            json.put("model", content.model());
        }
        if (!content.parameters().isEmpty()) {
            json.set("parameters", content.parameters());
        }
        missing.forEach(json.putArray("missing")::add);
        var unused = values.unused(content.variables());
        if (!unused.isEmpty()) {
            unused.forEach(json.putArray("unused")::add);
        }
        return json;
    }

    private static Refused missing(StoredObject version, List<String> missing, JsonNode input) {
        var given = input.isObject() ? String.join(", ", input.propertyNames()) : "";
        return new Refused(
                        Reason.MISSING_FIELD,
                        "The input has no value for %s of prompt %s%s."
                                .formatted(
                                        Quoted.all(missing),
                                        Quoted.of(key(version)),
                                        given.isEmpty() ? "" : "; it has " + Quoted.of(given)),
                        "Give the input a member %s, or make a version of the prompt without {{%s}}."
                                .formatted(
                                        missing.getFirst().split("\\.", -1)[0], missing.getFirst()))
                .field("input." + missing.getFirst())
                .with("missing", Json.array().addAll(missing.stream().map(Json::text).toList()));
    }

    /// Whether a prompt can be rendered with all items of a dataset.
    ///
    /// @param options `{split}` looks at the items of one split only
    /// @return see [Fit]
    public ObjectNode fit(String idOrKey, String dataset, JsonNode options) {
        var fit = new Fit(PromptContent.of(require(idOrKey).document()));
        new Datasets(scope).each(dataset, options.path("split"), fit::add);
        return fit.json();
    }

    /// The same of a content that need not be a version.
    public ObjectNode fit(PromptContent content, String dataset, String split) {
        var fit = new Fit(content);
        new Datasets(scope).each(dataset, Json.text(split), fit::add);
        return fit.json();
    }

    /// What differs between two versions.
    ///
    /// @return `{from, to, same, added, removed, text}`: the lines of model, parameters and
    ///   messages, those taken out with `- ` in front and those put in with `+ `
    public ObjectNode diff(String from, String to) {
        var before = require(from);
        var after = require(to);
        var diff =
                LineDiff.of(
                        PromptContent.of(before.document()).lines(),
                        PromptContent.of(after.document()).lines());
        return Json.object()
                .put("from", key(before))
                .put("to", key(after))
                .put("same", hash(before).equals(hash(after)))
                .put("added", diff.added())
                .put("removed", diff.removed())
                .put("text", diff.text());
    }

    /// Where a version comes from.
    ///
    /// @return `{family, lineage: [{id, key, number, parent?, description?, createdAt, createdBy,
    ///   edit?: {changed, added, removed}, effects?: [{experiment, metric, difference, lower?,
    ///   upper?, verdict}]}], children: [key]}`, the first version first; effects are those against
    ///   the parent, as concluded experiments found them that had both as variants
    public ObjectNode lineage(String idOrKey) {
        var version = require(idOrKey);
        var json = Json.object().put("family", version.document().path("family").asString(""));
        var lineage = json.putArray("lineage");
        var effects = EditEffects.of(scope);
        ancestors(version).forEach(one -> lineage.add(step(one, effects)));
        var children = json.putArray("children");
        for (var other : family(version.document().path("family").asString(""))) {
            if (other.document().path("parent").asString("").equals(version.id())) {
                children.add(key(other));
            }
        }
        return json;
    }

    private List<StoredObject> ancestors(StoredObject version) {
        var chain = new ArrayList<StoredObject>();
        var next = Optional.of(version);
        while (next.isPresent() && chain.size() < DEEPEST) {
            chain.addFirst(next.get());
            next = parent(next.get());
        }
        return chain;
    }

    private Optional<StoredObject> parent(StoredObject version) {
        var parent = version.document().path("parent").asString("");
        return parent.isEmpty() ? Optional.empty() : scope.objects().get(parent);
    }

    private ObjectNode step(StoredObject version, EditEffects effects) {
        var json =
                Json.object()
                        .put("id", version.id())
                        .put("key", key(version))
                        .put("number", version.document().path("number").asInt(0));
        for (var field : List.of("parent", "description")) {
            version.document().optional(field).ifPresent(value -> json.set(field, value));
        }
        json.put("createdAt", IsoTime.text(version.createdAt()))
                .put("createdBy", version.createdBy());
        parent(version)
                .ifPresent(before -> {
                    json.set("edit", edit(before, version));
                    var found = effects.between(before.id(), version.id());
                    if (!found.isEmpty()) {
                        json.set("effects", found);
                    }
                });
        return json;
    }

    private static ObjectNode edit(StoredObject before, StoredObject after) {
        var json = Json.object();
        var changed = json.putArray("changed");
        for (var field : PromptContent.FIELDS) {
            if (!value(before, field).equals(value(after, field))) {
                changed.add(field);
            }
        }
        var diff =
                LineDiff.of(
                        PromptContent.of(before.document()).lines(),
                        PromptContent.of(after.document()).lines());
        return json.put("added", diff.added()).put("removed", diff.removed());
    }

    private static JsonNode value(StoredObject version, String field) {
        return version.document().optional(field).orElse(NullNode.getInstance());
    }

    private static String key(StoredObject version) {
        return version.document().path("key").asString(version.id());
    }

    private static String hash(StoredObject version) {
        return version.document().path("hash").asString("");
    }
}
