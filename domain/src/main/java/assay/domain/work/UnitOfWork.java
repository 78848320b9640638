package assay.domain.work;

import assay.domain.Caller;
import assay.domain.Change;
import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.NounRules;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.noun.Validation;
import assay.domain.noun.Verb;
import assay.domain.query.Query;
import assay.domain.query.QueryParser;
import assay.domain.store.Events;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What one caller does to one tenant within one transaction. Every write is a verb: it is checked,
/// changes the object, and leaves one row in the action log.
///
/// Time stands still: all that is done here is done at the same instant.
public final class UnitOfWork {
    private static final String EXPERIMENT = "Experiment";

    private final Nouns nouns;
    private final Caller caller;
    private final Instant now;
    private final Ids ids;
    private final Objects objects;
    private final Events events;
    private final Lookup lookup;
    private final Integrity integrity;
    private final Past past;
    private final Entities entities;
    private final Experiments experiments;
    private final Validation validation;
    private final Changes changes = new Changes();

    public UnitOfWork(Nouns nouns, Transaction transaction, Caller caller, Instant now, Ids ids) {
        this.nouns = nouns;
        this.caller = caller;
        this.now = now;
        this.ids = ids;
        this.objects = new Objects(transaction);
        this.events = new Events(transaction);
        this.lookup = new Lookup(objects);
        this.integrity = new Integrity(objects);
        this.past = new Past(objects, now);
        this.entities = new Entities(nouns, objects, lookup, caller.tenant());
        this.experiments =
                new Experiments(
                        objects, events, caller.actor(), now, ids::next, changes::addOrMerge);
        this.validation = new Validation(NounRules.of(experiments));
    }

    /// What this unit has changed so far, in order.
    public List<Change> changes() {
        return changes.all();
    }

    /// The looks at results that this unit took, to be logged after its end.
    public List<Experiments.PendingLook> looks() {
        return experiments.looks();
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
    /// count}}`.
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
        return json;
    }

    /// Runs several writes of which, if one is refused, none is kept.
    public <T> T allOrNone(Supplier<T> writes) {
        objects.prepareToWrite();
        return changes.orNone(() -> objects.withinSavepoint(writes));
    }

    /// How many objects match.
    public long count(Query query) {
        return objects.count(query);
    }

    /// Makes an object.
    ///
    /// @param data its fields; what the server keeps about objects is ignored
    public ObjectNode create(Noun noun, ObjectNode data) {
        var isEvent = noun.name().equals(Lookup.EVENT);
        objects.prepareToWrite();
        var document = validation.create(noun, data, now).document();
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
        if (isEvent) {
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
        return entities.entity(made);
    }

    /// Changes fields of an object: null clears one, objects are replaced whole.
    ///
    /// @param options `{ifVersion, reason}`; a `$version` in the data means the same as `ifVersion`
    public ObjectNode update(Noun noun, String idOrKey, ObjectNode data, JsonNode options) {
        objects.prepareToWrite();
        var verb = noun.requireVerb("update");
        var current = lookup.require(noun, idOrKey);
        Integrity.checkVersion(current, List.of(options.path("ifVersion"), data.path("$version")));
        var checked = validation.update(noun, seen(current), data);
        var next = stored(checked.document());
        validation.rules(noun).writing(verb, current.id(), current.document(), next, data);
        return checked.changed()
                ? keep(noun, verb, current, next, reason(options))
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
        var proposal = data.deepCopy();
        if (!noun.fields().containsKey("reason")) {
            data.remove("reason");
        }
        var rules = validation.rules(noun);
        if (rules.isDone(verb, current.id(), current.document(), proposal)) {
            return entities.entity(current);
        }
        data.remove(rules.proposals(verb));
        var checked = validation.verb(noun, verb, seen(current), data, now);
        if (!checked.changed()) {
            return entities.entity(current);
        }
        var next = stored(checked.document());
        rules.writing(verb, current.id(), current.document(), next, proposal);
        return keep(noun, verb, current, next, reason(proposal));
    }

    private ObjectNode keep(
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
        return entities.entity(next);
    }

    /// Hides an object; its past stays.
    ///
    /// @return false when there was none
    public boolean delete(Noun noun, String idOrKey) {
        objects.prepareToWrite();
        var verb = noun.requireVerb("delete");
        var current = lookup.find(noun, idOrKey, Optional.empty());
        current.ifPresent(object -> {
            objects.delete(
                    object.next(object.document(), now.toEpochMilli()),
                    entry(verb, Optional.empty()));
            changes.add(
                    new Change(
                            "delete",
                            noun.name(),
                            object.id(),
                            object.document(),
                            JsonNodeFactory.instance.objectNode()));
        });
        return current.isPresent();
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
        var document = back.target().document();
        if (!back.isDeleted() && document.equals(newest.document())) {
            return entities.entity(newest);
        }
        var entity =
                keep(
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
                            id,
                            JsonNodeFactory.instance.objectNode(),
                            document));
        }
        return entity;
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
        return new Objects.Entry(verb.name(), verb.past(), caller.actor(), reason);
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
