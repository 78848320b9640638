package assay.domain.work;

import assay.domain.Caller;
import assay.domain.Change;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.noun.Checked;
import assay.domain.noun.Noun;
import assay.domain.noun.Validation;
import assay.domain.noun.Verb;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The verbs: each is checked, agreed with the hooks before it, kept, logged, and told to the hooks
/// after it.
final class Writes {
    private final Ground ground;
    private final Caller caller;
    private final Instant now;

    /// Events that are to be appended together, by id.
    private final Map<String, StoredObject> together = new LinkedHashMap<>();

    private boolean isTogether;
    private final Objects objects;
    private final Lookup lookup;
    private final Integrity integrity;
    private final Entities entities;
    private final Validation validation;
    private final Changes changes;
    private final RunningHooks hooks;
    private final Optional<String> because;
    private final Function<Hook, UnitOfWork> inside;

    /// @param because what is done here in the name of somebody else, such as the hook that does it
    /// @param inside the unit of work in which a hook works
    Writes(
            Ground ground,
            RunningHooks hooks,
            Optional<String> because,
            Function<Hook, UnitOfWork> inside) {
        this.ground = ground;
        this.caller = ground.caller();
        this.now = ground.now();
        this.objects = ground.objects();
        this.lookup = ground.lookup();
        this.integrity = ground.integrity();
        this.entities = ground.entities();
        this.validation = ground.validation();
        this.changes = ground.changes();
        this.hooks = hooks;
        this.because = because;
        this.inside = inside;
    }

    /// Runs several writes of which, if one is refused, none is kept.
    <T> T allOrNone(Supplier<T> writes) {
        objects.prepareToWrite();
        var taken = ground.looks().size();
        var warned = ground.warnings().size();
        try {
            return changes.orNone(() -> objects.withinSavepoint(writes));
        } catch (RuntimeException failure) {
            ground.looks().undoneSince(taken);
            ground.warnings().undoneSince(warned);
            hooks.forget();
            throw failure;
        }
    }

    /// Makes an object.
    ///
    /// @param data its fields; what the server keeps about objects is ignored
    ObjectNode create(Noun noun, ObjectNode data) {
        objects.prepareToWrite();
        return whole(noun, Verb.CREATE, () -> make(noun, data));
    }

    private ObjectNode make(Noun noun, ObjectNode data) {
        var agreed =
                agreed(
                        noun,
                        Verb.CREATE,
                        Optional.empty(),
                        data,
                        (checks, sent) -> checks.create(noun, sent, now));
        var document = agreed.checked().document();
        integrity.checkReferences(noun, JsonNodeFactory.instance.objectNode(), document);
        var isEvent = noun.name().equals(Lookup.EVENT);
        var given = isEvent ? ground.experiments().eventId(document) : Optional.<String>empty();
        var known =
                given.flatMap(id ->
                        Optional.ofNullable(together.get(id))
                                .or(() -> lookup.byId(noun, id, Optional.empty())));
        if (known.isPresent()) {
            return entities.entity(known.get());
        }
        var made =
                new StoredObject(
                        given.orElseGet(() -> newId(noun)),
                        noun.name(),
                        1,
                        now.toEpochMilli(),
                        caller.actor(),
                        now.toEpochMilli(),
                        document);
        integrity.checkUnique(noun, made);
        if (isEvent && isTogether && Experiments.canWait(made)) {
            together.put(made.id(), made);
            return entities.entity(made);
        }
        if (isEvent) {
            ground.experiments().append(ground.nouns().require("Experiment"), made);
        } else {
            objects.insert(noun, made, entry(Verb.CREATE, Optional.empty()));
        }
        validation.rules(noun).created(made.id(), agreed.sent(), document);
        changes.add(
                new Change(
                        "create",
                        noun.name(),
                        made.id(),
                        JsonNodeFactory.instance.objectNode(),
                        document.deepCopy()));
        return told(noun, Verb.CREATE, made);
    }

    /// Makes several Events, of which those that wait for nothing are appended at the end, with one
    /// entry in the changes. Where hooks hear of each, each is made by itself.
    <T> T together(Noun noun, Supplier<T> creates) {
        if (isTogether || hooks.any(noun, Verb.CREATE)) {
            return creates.get();
        }
        isTogether = true;
        try {
            var created = creates.get();
            var events = List.copyOf(together.values());
            ground.experiments().append(events);
            if (!events.isEmpty()) {
                changes.add(
                        new Change(
                                "createMany",
                                noun.name(),
                                events.getFirst().id(),
                                JsonNodeFactory.instance.objectNode(),
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("events", events.size())));
            }
            return created;
        } finally {
            isTogether = false;
            together.clear();
        }
    }

    /// A verb that has hooks is undone, with all that they did, when it is refused.
    private <T> T whole(Noun noun, Verb verb, Supplier<T> write) {
        return hooks.any(noun, verb) ? allOrNone(write) : write.get();
    }

    /// What a write comes to once the hooks before it have had their say.
    ///
    /// @param sent what the caller sent, and what hooks changed of it
    private record Agreed(ObjectNode sent, Checked checked) {}

    private Agreed agreed(
            Noun noun,
            Verb verb,
            Optional<StoredObject> current,
            ObjectNode data,
            BiFunction<Validation, ObjectNode, Checked> check) {
        var asked = hooks.of(noun, verb, Hook.Phase.BEFORE);
        var sent = data;
        for (var hook : asked) {
            // What is missing may be what the hook is for.
            var draft = check.apply(validation.forDrafts(), sent);
            if (!draft.changed()) {
                break;
            }
            var proposal = Proposal.of(noun, verb, current, sent, draft.document());
            var patch =
                    hooks.before(
                            hook, proposal.entity(entities), proposal.change(), inside.apply(hook));
            current.ifPresent(object -> checkUntouched(object, hook));
            if (!patch.isEmpty()) {
                sent = sent.deepCopy();
                sent.setAll(patch);
                try {
                    var _ = check.apply(validation.forDrafts(), sent);
                } catch (Refused why) {
                    throw hooks.rejected(hook, why);
                }
            }
        }
        return new Agreed(sent, check.apply(validation, sent));
    }

    private void checkUntouched(StoredObject object, Hook hook) {
        if (objects.get(object.id()).filter(now -> now.version() == object.version()).isEmpty()) {
            throw new Refused(
                            Reason.REFUSED_BY_HOOK,
                            "Hook %s on %s changed %s itself, which the verb is about to change."
                                    .formatted(
                                            Quoted.of(hook.id()),
                                            hook.name(),
                                            Quoted.of(object.id())),
                            "Let the hook return the fields that it wants changed instead.")
                    .with("hook", JsonNodeFactory.instance.stringNode(hook.id()))
                    .with("on", JsonNodeFactory.instance.stringNode(hook.name()));
        }
    }

    /// The object as the caller gets it, once the hooks after the verb have heard of it.
    private ObjectNode told(Noun noun, Verb verb, StoredObject written) {
        var entity = entities.entity(written);
        var after = hooks.of(noun, verb, Hook.Phase.AFTER);
        for (var hook : after) {
            hooks.after(hook, entity, inside.apply(hook));
        }
        return after.isEmpty()
                ? entity
                : lookup.byId(noun, written.id(), Optional.empty())
                        .map(entities::entity)
                        .orElse(entity);
    }

    /// Changes fields of an object: null clears one, objects are replaced whole.
    ///
    /// @param options `{ifVersion, reason}`; a `$version` in the data means the same as `ifVersion`
    ObjectNode update(Noun noun, String idOrKey, ObjectNode data, JsonNode options) {
        objects.prepareToWrite();
        var verb = noun.requireVerb("update");
        var current = lookup.require(noun, idOrKey);
        Integrity.checkVersion(current, List.of(options.path("ifVersion"), data.path("$version")));
        return whole(noun, verb, () -> change(noun, current, data, reason(options)));
    }

    private ObjectNode change(
            Noun noun, StoredObject current, ObjectNode data, Optional<String> reason) {
        var agreed =
                agreed(
                        noun,
                        Verb.UPDATE,
                        Optional.of(current),
                        data,
                        (checks, sent) -> checks.update(noun, seen(current), sent));
        var next = stored(agreed.checked().document());
        validation
                .rules(noun)
                .writing(Verb.UPDATE, current.id(), current.document(), next, agreed.sent());
        return agreed.checked().changed()
                ? keep(noun, Verb.UPDATE, current, next, reason)
                : entities.entity(current);
    }

    /// Runs a verb of a noun's own on an object.
    ///
    /// @param data fields to change along with it, and `reason` for the log
    ObjectNode verb(Noun noun, String name, String idOrKey, ObjectNode data) {
        objects.prepareToWrite();
        var verb = noun.requireVerb(name);
        var current = lookup.require(noun, idOrKey);
        Integrity.checkVersion(current, List.of(data.path("$version")));
        if (validation.rules(noun).isDone(verb, current.id(), current.document(), data)) {
            return entities.entity(current);
        }
        return whole(noun, verb, () -> act(noun, verb, current, data));
    }

    private ObjectNode act(Noun noun, Verb verb, StoredObject current, ObjectNode data) {
        var rules = validation.rules(noun);
        var agreed =
                agreed(
                        noun,
                        verb,
                        Optional.of(current),
                        data,
                        (checks, sent) -> {
                            var fields = sent.deepCopy();
                            if (!noun.fields().containsKey("reason")) {
                                fields.remove("reason");
                            }
                            fields.remove(rules.proposals(verb));
                            requireNoSlip(noun, rules.proposals(verb), fields);
                            return checks.verb(noun, verb, seen(current), fields, now);
                        });
        if (!agreed.checked().changed()) {
            return entities.entity(current);
        }
        var next = stored(agreed.checked().document());
        rules.writing(verb, current.id(), current.document(), next, agreed.sent());
        return keep(noun, verb, current, next, reason(agreed.sent()));
    }

    /// Refuses what is no field and nearly an option of the verb.
    private static void requireNoSlip(Noun noun, Set<String> proposals, ObjectNode fields) {
        var options = new ArrayList<>(proposals);
        options.add("reason");
        for (var key : fields.propertyNames()) {
            if (!noun.fields().containsKey(key)
                    && !noun.aliases().containsKey(key)
                    && !options.contains(key)
                    && Nearest.to(key, noun.fields().keySet()).isEmpty()
                    && Nearest.to(key, options).isPresent()) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "%s has no field %s.".formatted(noun.name(), Quoted.of(key)),
                                Nearest.hint(key, options)
                                        + "Beside fields it takes: %s."
                                                .formatted(String.join(", ", options)))
                        .field(key);
            }
        }
    }

    private ObjectNode keep(
            Noun noun,
            Verb verb,
            StoredObject current,
            ObjectNode document,
            Optional<String> reason) {
        var next = kept(noun, verb, current, document, reason);
        return told(noun, verb, next);
    }

    private StoredObject kept(
            Noun noun,
            Verb verb,
            StoredObject current,
            ObjectNode document,
            Optional<String> reason) {
        integrity.checkReferences(noun, current.document(), document);
        var next = current.next(document, now.toEpochMilli());
        integrity.checkUnique(noun, next);
        objects.update(noun, next, entry(verb, reason));
        changes.add(
                Change.between(verb.name(), noun.name(), next.id(), current.document(), document));
        noticeHook(noun, next.id());
        return next;
    }

    private void noticeHook(Noun noun, String id) {
        if (noun.name().equals(HookRegistry.HOOK)) {
            hooks.changed(id);
        }
    }

    /// Hides an object; its past stays.
    ///
    /// @return false when there was none
    boolean delete(Noun noun, String idOrKey) {
        objects.prepareToWrite();
        var verb = noun.requireVerb("delete");
        var current = lookup.find(noun, idOrKey, Optional.empty());
        current.ifPresent(object -> {
            var _ = whole(noun, verb, () -> remove(noun, verb, object));
        });
        return current.isPresent();
    }

    private ObjectNode remove(Noun noun, Verb verb, StoredObject object) {
        validation.rules(noun).deleting(object.id(), object.document());
        var nothing = JsonNodeFactory.instance.objectNode();
        // A deleted object is as it was, so what a hook returns changes nothing.
        var _ =
                agreed(
                        noun,
                        verb,
                        Optional.of(object),
                        nothing,
                        (_, _) -> new Checked(object.document(), true, List.of()));
        var last = object.next(object.document(), now.toEpochMilli());
        objects.delete(last, entry(verb, Optional.empty()));
        changes.add(new Change("delete", noun.name(), object.id(), object.document(), nothing));
        noticeHook(noun, object.id());
        return told(noun, verb, last);
    }

    /// Makes an old state of an object, deleted or not, its newest version. One that is in that
    /// state already stays as it is.
    ///
    /// @param to a version number, `{version}` or `{asOf}`
    ObjectNode rollback(Noun noun, String idOrKey, JsonNode to) {
        objects.prepareToWrite();
        var verb = noun.requireVerb("update");
        var id = lookup.find(noun, idOrKey, Optional.empty()).map(StoredObject::id).orElse(idOrKey);
        validation.rules(noun).rollingBack(id);
        var back = ground.past().rollback(noun, id, to);
        var newest = back.newest();
        if (!back.isDeleted() && back.target().document().equals(newest.document())) {
            return entities.entity(newest);
        }
        return whole(noun, verb, () -> restore(noun, verb, back));
    }

    private ObjectNode restore(Noun noun, Verb verb, Past.Return back) {
        var newest = back.newest();
        var document = back.target().document();
        if (!back.isDeleted()) {
            // Hooks may refuse to go back, but what is gone back to is what once was.
            var _ =
                    agreed(
                            noun,
                            verb,
                            Optional.of(newest),
                            JsonNodeFactory.instance.objectNode(),
                            (_, _) -> new Checked(document, true, List.of()));
        }
        var restored =
                kept(
                        noun,
                        verb,
                        newest,
                        document,
                        Optional.of("rollback to version " + back.target().version()));
        if (back.isDeleted()) {
            changes.replaceLast(
                    Change.between(
                            verb.name(),
                            noun.name(),
                            restored.id(),
                            JsonNodeFactory.instance.objectNode(),
                            document));
        }
        return told(noun, verb, restored);
    }

    /// An id that no object has or had.
    String newId(Noun noun) {
        for (; ; ) {
            var id = ground.ids().next(noun.prefix());
            if (!objects.isTaken(id)) {
                return id;
            }
        }
    }

    private Objects.Entry entry(Verb verb, Optional<String> reason) {
        var why =
                because.map(hook -> reason.map(given -> hook + ": " + given).orElse(hook))
                        .or(() -> reason);
        return new Objects.Entry(verb.name(), verb.past(), caller.actor(), why);
    }

    private static Optional<String> reason(JsonNode options) {
        return Optional.ofNullable(options.path("reason").stringValue(null));
    }

    /// The document with what the server keeps about the object, as checks quote it.
    private ObjectNode seen(StoredObject object) {
        return entities.entity(object);
    }

    private static ObjectNode stored(ObjectNode document) {
        var fields = document.deepCopy();
        fields.remove(
                fields.propertyNames().stream().filter(name -> name.startsWith("$")).toList());
        return fields;
    }
}
