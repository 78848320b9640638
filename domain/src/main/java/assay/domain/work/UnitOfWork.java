package assay.domain.work;

import assay.domain.Caller;
import assay.domain.Change;
import assay.domain.IsoTime;
import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.LookBook;
import assay.domain.experiment.NounRules;
import assay.domain.noun.Checked;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.noun.Validation;
import assay.domain.noun.Verb;
import assay.domain.query.Query;
import assay.domain.query.QueryParser;
import assay.domain.store.Events;
import assay.domain.store.Notes;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What one caller does to one tenant within one transaction. Every write is a verb: it is checked,
/// changes the object, and leaves one row in the action log.
///
/// Time stands still: all that is done here is done at the same instant.
public final class UnitOfWork {
    /// The tenant's note of the files that bring hooks: `{print, files: [name], broken: [{file,
    /// message, line?}]}`.
    public static final String HOOK_FILES = "hooks";

    private static final String EXPERIMENT = "Experiment";

    private final Nouns nouns;
    private final Caller caller;
    private final Instant now;
    private final Ids ids;
    private final Objects objects;
    private final Events events;
    private final Notes notes;
    private final Lookup lookup;
    private final Integrity integrity;
    private final Past past;
    private final Entities entities;
    private final Experiments experiments;
    private final Validation validation;
    private final Changes changes;
    private final LookBook looks;
    private final Optional<Hooks> code;

    /// What is done here in the name of somebody else, such as the hook that does it.
    private final Optional<String> because;

    /// Asked for by the first verb: who only reads does without.
    private @Nullable RunningHooks hooks;

    /// A unit of work whose verbs run no hooks.
    public UnitOfWork(Nouns nouns, Transaction transaction, Caller caller, Instant now, Ids ids) {
        this(nouns, transaction, caller, now, ids, Optional.empty());
    }

    /// @param hooks runs the hooks of verbs; empty when they are switched off
    public UnitOfWork(
            Nouns nouns,
            Transaction transaction,
            Caller caller,
            Instant now,
            Ids ids,
            Optional<Hooks> hooks) {
        this.nouns = nouns;
        this.caller = caller;
        this.now = now;
        this.ids = ids;
        this.objects = new Objects(transaction);
        this.events = new Events(transaction);
        this.notes = new Notes(transaction);
        this.lookup = new Lookup(objects);
        this.integrity = new Integrity(objects);
        this.past = new Past(objects, now);
        this.entities = new Entities(nouns, objects, lookup, caller.tenant());
        this.changes = new Changes();
        this.looks = new LookBook();
        this.experiments = engine();
        this.validation = new Validation(NounRules.of(experiments));
        this.code = hooks;
        this.because = Optional.empty();
    }

    /// The same unit of work, in which a hook works with the rights of whoever registered it.
    private UnitOfWork(UnitOfWork outer, Hook hook) {
        this.nouns = outer.nouns;
        this.caller = new Caller(outer.caller.tenant(), hook.registrant(), outer.caller.readOnly());
        this.now = outer.now;
        this.ids = outer.ids;
        this.objects = outer.objects;
        this.events = outer.events;
        this.notes = outer.notes;
        this.lookup = outer.lookup;
        this.integrity = outer.integrity;
        this.past = outer.past;
        this.entities = outer.entities;
        this.changes = outer.changes;
        this.looks = outer.looks;
        this.experiments = engine();
        this.validation = new Validation(NounRules.of(experiments));
        this.code = outer.code;
        this.because = Optional.of("hook %s on %s".formatted(hook.id(), hook.name()));
        this.hooks = outer.hooks();
    }

    private Experiments engine() {
        return new Experiments(
                objects, events, caller.actor(), now, ids::next, changes::addOrMerge, looks);
    }

    private RunningHooks hooks() {
        var made = hooks;
        if (made == null) {
            made = new RunningHooks(code, nouns, objects);
            hooks = made;
        }
        return made;
    }

    /// What this unit has changed so far, in order.
    public List<Change> changes() {
        return changes.all();
    }

    /// The looks at results that this unit took, to be logged after its end.
    public List<Experiments.PendingLook> looks() {
        return looks.looks();
    }

    /// The runs of hooks that are to be recorded after this unit's end.
    public List<HookRun> hookRuns() {
        return hooks == null ? List.of() : hooks.runs();
    }

    /// The hooks that failed after their verb, which did not undo it.
    public List<HookError> hookErrors() {
        return hooks == null ? List.of() : hooks.errors();
    }

    /// The address of the tenant, which addresses of its objects begin with.
    public String context() {
        return entities.context();
    }

    /// Reads questions as of this unit's instant.
    public QueryParser queries() {
        return new QueryParser(nouns, now);
    }

    /// The object with this id, or with this value in a unique field such as `slug` or `key`.
    ///
    /// @param view its include, fields and asOf are used
    public Optional<ObjectNode> get(Noun noun, String idOrKey, Query view) {
        return lookup.find(noun, idOrKey, view.asOf())
                .map(object ->
                        entities.entity(noun, object, view.include(), view.fields(), view.asOf()));
    }

    /// The metric with this id, or else the newest one with this name.
    ///
    /// @param view its include, fields and asOf are used
    public Optional<ObjectNode> metric(Noun noun, String idOrName, Query view) {
        return get(noun, idOrName, view).or(() -> newest(noun, idOrName, view));
    }

    private Optional<ObjectNode> newest(Noun noun, String name, Query view) {
        var request = JsonNodeFactory.instance.objectNode();
        view.asOf().ifPresent(time -> request.put("asOf", IsoTime.text(time)));
        request.putObject("filter").put("name", name);
        return find(queries().search(noun, request).limit(1)).stream()
                .findFirst()
                .flatMap(metric -> get(noun, metric.path("$id").stringValue(), view));
    }

    /// The noun of the object with this id, or with this value in a unique field; for an id that
    /// nobody has, the noun that its prefix names.
    public Optional<Noun> nounOf(String idOrKey) {
        return objects.get(idOrKey)
                .flatMap(object -> nouns.find(object.type()))
                .or(() ->
                        nouns.all().stream()
                                .filter(noun ->
                                        lookup.find(noun, idOrKey, Optional.empty()).isPresent())
                                .findFirst())
                .or(() -> nouns.ofId(idOrKey));
    }

    /// The objects a query asks for.
    public List<ObjectNode> find(Query query) {
        return shown(query, objects.find(query));
    }

    private List<ObjectNode> shown(Query query, List<StoredObject> found) {
        return found.stream()
                .map(object ->
                        entities.entity(
                                query.noun(),
                                object,
                                query.include(),
                                query.fields(),
                                query.asOf()))
                .toList();
    }

    /// The objects a query asks for, refusing to leave out any when the caller named no limit.
    public List<ObjectNode> findAll(Query query) {
        var found = find(query.limit(query.limit() + 1));
        if (found.size() > query.limit()) {
            throw new Refused(
                    Reason.LIMIT_EXCEEDED,
                    "More than %d %s objects match.".formatted(query.limit(), query.noun().name()),
                    "Narrow the filter, or page with {limit, offset}; count(filter) tells how many there are.");
        }
        return found;
    }

    /// One page of what a query asks for.
    ///
    /// @param question what cursors of this search are bound to, see [QueryParser#question]
    public Page page(Query query, long question) {
        var found = objects.find(query.limit(query.limit() + 1));
        var more = found.size() > query.limit();
        var shown = more ? found.subList(0, query.limit()) : found;
        var cursor =
                more
                        ? Optional.of(objects.cursorAfter(query, shown.getLast(), question).text())
                        : Optional.<String>empty();
        return new Page(shown(query, shown), objects.count(query), cursor, more);
    }

    /// One page of the live objects of any noun that have these words, the best match first.
    ///
    /// @param window its limit and offset are used
    public Page search(String words, Query window) {
        var found = objects.search(words, window.limit() + 1, window.offset());
        var shown = found.size() > window.limit() ? found.subList(0, window.limit()) : found;
        return new Page(
                shown.stream().map(entities::entity).toList(),
                objects.searchCount(words),
                Optional.empty(),
                found.size() > window.limit());
    }

    /// The workspace at a glance: `{$type, asOf, objects: {type: count}, experiments: {status:
    /// count}, hooks?: {status: count, broken?: [{file, message, line?}]}}`.
    public ObjectNode status() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("$type", "Status")
                .put("tenant", caller.tenant())
                .put("readOnly", caller.readOnly())
                .put("asOf", IsoTime.text(now));
        var counts = json.putObject("objects");
        objects.counts().forEach(counts::put);
        var byStatus = json.putObject("experiments");
        objects.countsBy(nouns.require(EXPERIMENT), "status").forEach(byStatus::put);
        hookStatus(json);
        return json;
    }

    private void hookStatus(ObjectNode json) {
        var counts = objects.countsBy(nouns.require(HookRegistry.HOOK), "status");
        var broken = notes.get(HOOK_FILES).map(note -> JsonTree.read(note).path("broken"));
        if (!counts.isEmpty() || broken.filter(files -> !files.isEmpty()).isPresent()) {
            var hooks = json.putObject("hooks");
            counts.forEach(hooks::put);
            broken.filter(files -> !files.isEmpty()).ifPresent(files -> hooks.set("broken", files));
        }
    }

    /// Runs several writes of which, if one is refused, none is kept.
    public <T> T allOrNone(Supplier<T> writes) {
        objects.prepareToWrite();
        var taken = looks.size();
        try {
            return changes.orNone(() -> objects.withinSavepoint(writes));
        } catch (RuntimeException failure) {
            looks.undoneSince(taken);
            if (hooks != null) {
                hooks.forget();
            }
            throw failure;
        }
    }

    /// How many objects match.
    public long count(Query query) {
        return objects.count(query);
    }

    /// Makes an object.
    ///
    /// @param data its fields; what the server keeps about objects is ignored
    public ObjectNode create(Noun noun, ObjectNode data) {
        objects.prepareToWrite();
        return whole(noun, Verb.CREATE, () -> make(noun, data));
    }

    private ObjectNode make(Noun noun, ObjectNode data) {
        var document =
                agreed(
                                noun,
                                Verb.CREATE,
                                Optional.empty(),
                                data,
                                (checks, sent) -> checks.create(noun, sent, now))
                        .checked()
                        .document();
        integrity.checkReferences(noun, JsonNodeFactory.instance.objectNode(), document);
        var made =
                new StoredObject(
                        newId(noun),
                        noun.name(),
                        1,
                        now.toEpochMilli(),
                        caller.actor(),
                        now.toEpochMilli(),
                        document);
        integrity.checkUnique(noun, made);
        if (noun.name().equals(Lookup.EVENT)) {
            events.append(
                    made.id(),
                    document.path("type").stringValue(),
                    document.path("userId")
                            .asString(document.path("anonymousId").stringValue(null)),
                    Instant.parse(document.path("timestamp").stringValue()).toEpochMilli(),
                    made);
        } else {
            objects.insert(noun, made, entry(Verb.CREATE, Optional.empty()));
        }
        changes.add(
                new Change(
                        "create",
                        noun.name(),
                        made.id(),
                        JsonNodeFactory.instance.objectNode(),
                        document.deepCopy()));
        return told(noun, Verb.CREATE, made);
    }

    /// A verb that has hooks is undone, with all that they did, when it is refused.
    private <T> T whole(Noun noun, Verb verb, Supplier<T> write) {
        return hooks().any(noun, verb) ? allOrNone(write) : write.get();
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
        var asked = hooks().of(noun, verb, Hook.Phase.BEFORE);
        var sent = data;
        for (var hook : asked) {
            // What is missing may be what the hook is for.
            var draft = check.apply(validation.forDrafts(), sent);
            if (!draft.changed()) {
                break;
            }
            var proposal = Proposal.of(noun, verb, current, sent, draft.document());
            var patch =
                    hooks().before(
                                    hook,
                                    proposal.entity(entities),
                                    proposal.change(),
                                    new UnitOfWork(this, hook));
            current.ifPresent(object -> checkUntouched(object, hook));
            sent = sent.deepCopy();
            sent.setAll(patch);
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
        var after = hooks().of(noun, verb, Hook.Phase.AFTER);
        for (var hook : after) {
            hooks().after(hook, entity, new UnitOfWork(this, hook));
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
    public ObjectNode update(Noun noun, String idOrKey, ObjectNode data, JsonNode options) {
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
    public ObjectNode verb(Noun noun, String name, String idOrKey, ObjectNode data) {
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
                            return checks.verb(noun, verb, seen(current), fields, now);
                        });
        if (!agreed.checked().changed()) {
            return entities.entity(current);
        }
        var next = stored(agreed.checked().document());
        rules.writing(verb, current.id(), current.document(), next, agreed.sent());
        return keep(noun, verb, current, next, reason(agreed.sent()));
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
            hooks().changed(id);
        }
    }

    /// Hides an object; its past stays.
    ///
    /// @return false when there was none
    public boolean delete(Noun noun, String idOrKey) {
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
    public ObjectNode rollback(Noun noun, String idOrKey, JsonNode to) {
        objects.prepareToWrite();
        var verb = noun.requireVerb("update");
        var id = lookup.find(noun, idOrKey, Optional.empty()).map(StoredObject::id).orElse(idOrKey);
        validation.rules(noun).rollingBack(id);
        var back = past.rollback(noun, id, to);
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

    /// Keeps a hook, unless the same code is registered for the same verb already.
    ///
    /// @return the hook's entity
    public ObjectNode register(Registration registration) {
        objects.prepareToWrite();
        return entities.entity(registry().register(registration, Optional.empty()));
    }

    /// Brings the hooks of a file up to date with what the file registers now.
    ///
    /// @param file its name
    /// @param registrations nothing when the file is gone
    public void registerFile(String file, List<Registration> registrations) {
        objects.prepareToWrite();
        var registry = registry();
        var staying =
                registrations.stream()
                        .map(one -> registry.register(one, Optional.of(file)).id())
                        .toList();
        registry.removeOf(file, staying);
    }

    /// A hook that is to be.
    ///
    /// @param source the text of a function
    public record Registration(Noun noun, Verb verb, Hook.Phase phase, String source) {}

    private HookRegistry registry() {
        var noun = nouns.require(HookRegistry.HOOK);
        return new HookRegistry(
                nouns, objects, changes, hooks(), () -> newId(noun), caller.actor(), now);
    }

    /// All that was done to an object, oldest first: `{version, verb, event, actor, reason?, at,
    /// changes: {field: {before, after}}, detail?}`.
    ///
    /// @throws Refused if there never was such an object
    public ArrayNode history(String idOrKey) {
        var ofId = past.history(idOrKey);
        return ofId.isEmpty()
                ? nounOf(idOrKey)
                        .flatMap(noun -> lookup.find(noun, idOrKey, Optional.empty()))
                        .map(object -> past.history(object.id()))
                        .filter(history -> !history.isEmpty())
                        .orElseThrow(() -> noHistory(idOrKey))
                : ofId;
    }

    private static Refused noHistory(String idOrKey) {
        return new Refused(
                        Reason.UNKNOWN_ID,
                        "Nothing was ever done to an object with the id %s."
                                .formatted(Quoted.of(idOrKey)),
                        "Find the id with search; events have no history.")
                .field("id");
    }

    /// See [Experiments#assign].
    public JsonNode assign(String idOrSlug, JsonNode subjects, JsonNode options) {
        var noun = nouns.require(EXPERIMENT);
        return experiments.assign(noun, lookup.require(noun, idOrSlug), subjects, options);
    }

    /// See [Experiments#record].
    public ObjectNode record(String idOrSlug, JsonNode outcomes) {
        var noun = nouns.require(EXPERIMENT);
        return experiments.record(lookup.require(noun, idOrSlug), outcomes);
    }

    /// See [Experiments#results].
    public ObjectNode results(String idOrSlug) {
        return experiments.results(lookup.require(nouns.require(EXPERIMENT), idOrSlug));
    }

    /// The refusal for an object that is not there.
    public static Refused unknownId(Noun noun, String idOrKey) {
        return Lookup.unknown(noun, idOrKey);
    }

    private String newId(Noun noun) {
        for (; ; ) {
            var id = ids.next(noun.prefix());
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
