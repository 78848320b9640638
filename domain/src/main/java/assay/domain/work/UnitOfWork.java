package assay.domain.work;

import assay.domain.Caller;
import assay.domain.Change;
import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.NounRules;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.noun.Validation;
import assay.domain.noun.Verb;
import assay.domain.query.Query;
import assay.domain.query.QueryParser;
import assay.domain.store.Action;
import assay.domain.store.Events;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What one caller does to one tenant within one transaction. Every write is a verb: it is checked,
/// changes the object, and leaves one row in the action log.
///
/// Time stands still: all that is done here is done at the same instant.
public final class UnitOfWork {
    private static final Validation VALIDATION = new Validation(NounRules.ALL);
    private static final Pattern ID = Pattern.compile("[A-Za-z]+_[A-Za-z0-9]{6,16}");
    private static final String EVENT = "Event";
    private static final String EXPERIMENT = "Experiment";

    private final Nouns nouns;
    private final Caller caller;
    private final Instant now;
    private final Ids ids;
    private final Objects objects;
    private final Events events;
    private final Entities entities;
    private final Experiments experiments;
    private final List<Change> changes = new ArrayList<>();

    public UnitOfWork(Nouns nouns, Transaction transaction, Caller caller, Instant now, Ids ids) {
        this.nouns = nouns;
        this.caller = caller;
        this.now = now;
        this.ids = ids;
        this.objects = new Objects(transaction);
        this.events = new Events(transaction);
        this.entities = new Entities(nouns, objects, caller.tenant());
        this.experiments =
                new Experiments(objects, events, caller.actor(), now, ids::next, changes::add);
    }

    /// What this unit has changed so far, in order.
    public List<Change> changes() {
        return List.copyOf(changes);
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
        return view.asOf()
                .map(time -> past(noun, idOrKey, time))
                .orElseGet(() -> find(noun, idOrKey))
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
                                .filter(noun -> find(noun, idOrKey).isPresent())
                                .findFirst())
                .or(() -> nouns.ofId(idOrKey));
    }

    /// The objects a query asks for.
    public List<ObjectNode> find(Query query) {
        return objects.find(query).stream()
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
        return new Page(
                shown.stream()
                        .map(object ->
                                entities.entity(
                                        query.noun(),
                                        object,
                                        query.include(),
                                        query.fields(),
                                        query.asOf()))
                        .toList(),
                objects.count(query),
                cursor,
                more);
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
        var before = changes.size();
        try {
            return objects.withinSavepoint(writes);
        } catch (Refused refused) {
            changes.subList(before, changes.size()).clear();
            throw refused;
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
        var isEvent = noun.name().equals(EVENT);
        if (isEvent && !data.hasNonNull("timestamp")) {
            data.put("timestamp", IsoTime.text(now));
        }
        objects.prepareToWrite();
        var document = VALIDATION.create(noun, data, now).document();
        checkReferences(noun, JsonNodeFactory.instance.objectNode(), document);
        var made =
                new StoredObject(
                        newId(noun),
                        noun.name(),
                        1,
                        now.toEpochMilli(),
                        caller.actor(),
                        now.toEpochMilli(),
                        document);
        checkUnique(noun, made);
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
        var current = require(noun, idOrKey);
        checkVersion(
                current,
                options.has("ifVersion") ? options.path("ifVersion") : data.path("$version"));
        var checked = VALIDATION.update(noun, seen(current), data);
        var next = stored(checked.document());
        if (noun.name().equals(EXPERIMENT)) {
            experiments.updating(current, next);
        }
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
        var current = require(noun, idOrKey);
        checkVersion(current, data.path("$version"));
        var proposal = data.deepCopy();
        if (!noun.fields().containsKey("reason")) {
            data.remove("reason");
        }
        var isExperiment = noun.name().equals(EXPERIMENT);
        if (isExperiment && Experiments.isDone(name, current)) {
            return entities.entity(current);
        }
        if (isExperiment && name.equals("conclude")) {
            data.remove("winner");
        }
        var checked = VALIDATION.verb(noun, verb, seen(current), data, now);
        if (!checked.changed()) {
            return entities.entity(current);
        }
        var next = stored(checked.document());
        if (isExperiment) {
            switch (name) {
                case "start" -> experiments.starting(current, next);
                case "resume" -> experiments.resuming(current, next);
                case "stop" -> experiments.stopping(next);
                case "conclude" -> experiments.concluding(current, next, proposal);
                default -> {}
            }
        }
        return keep(noun, verb, current, next, reason(proposal));
    }

    private ObjectNode keep(
            Noun noun,
            Verb verb,
            StoredObject current,
            ObjectNode document,
            Optional<String> reason) {
        checkReferences(noun, current.document(), document);
        var next = current.next(document, now.toEpochMilli());
        checkUnique(noun, next);
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
        var current = find(noun, idOrKey);
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

    /// Makes an old state of an object, deleted or not, its newest version.
    ///
    /// @param to a version number, `{version}` or `{asOf}`
    public ObjectNode rollback(Noun noun, String idOrKey, JsonNode to) {
        objects.prepareToWrite();
        var verb = noun.requireVerb("update");
        var id = find(noun, idOrKey).map(StoredObject::id).orElse(idOrKey);
        if (noun.name().equals(EXPERIMENT) && experiments.isExposed(id)) {
            throw new Refused(
                    Reason.ILLEGAL_TRANSITION,
                    "Experiment %s has exposures; an old state would contradict them."
                            .formatted(Quoted.of(id)),
                    "Stop it and create a new experiment from the old fields; history(id) has them.");
        }
        var history = objects.history(id);
        if (history.isEmpty() || !history.getFirst().type().equals(noun.name())) {
            throw unknownId(noun, id);
        }
        var meant = version(to);
        var target = history.stream().filter(meant).reduce((a, b) -> b);
        if (target.isEmpty()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s has no version %s."
                                    .formatted(
                                            Quoted.of(id),
                                            to.isMissingNode()
                                                    ? "without a number"
                                                    : Quoted.of(to)),
                            "Name a version from 1 to %d, or {asOf: time}."
                                    .formatted(history.getLast().version()))
                    .field("version");
        }
        var last = history.getLast();
        var current =
                new StoredObject(
                        id,
                        noun.name(),
                        last.version(),
                        history.getFirst().at(),
                        history.getFirst().actor(),
                        last.at(),
                        last.document());
        return keep(
                noun,
                verb,
                current,
                target.get().document(),
                Optional.of("rollback to version " + target.get().version()));
    }

    private Predicate<Action> version(JsonNode to) {
        var time = queries().moment("asOf", to.path("asOf"));
        if (time.isPresent()) {
            return action -> action.at() <= time.get().toEpochMilli();
        }
        var number = (to.isObject() ? to.path("version") : to).asInt(-1);
        return action -> action.version() == number;
    }

    /// All that was done to an object, deleted or not, oldest first: `{version, verb, event, actor,
    /// reason?, at, changes: {field: {before, after}}, detail?}`.
    ///
    /// @throws Refused if there never was such an object
    public ArrayNode history(String idOrKey) {
        var actions = objects.history(idOrKey);
        if (actions.isEmpty()) {
            actions =
                    nounOf(idOrKey)
                            .flatMap(noun -> find(noun, idOrKey))
                            .map(object -> objects.history(object.id()))
                            .orElse(List.of());
        }
        if (actions.isEmpty()) {
            throw new Refused(
                            Reason.UNKNOWN_ID,
                            "Nothing was ever done to an object with the id %s."
                                    .formatted(Quoted.of(idOrKey)),
                            "Find the id with search; events have no history.")
                    .field("id");
        }
        return history(actions);
    }

    private static ArrayNode history(List<Action> actions) {
        var all = JsonNodeFactory.instance.arrayNode();
        var before = JsonNodeFactory.instance.objectNode();
        for (var action : actions) {
            var json =
                    all.addObject()
                            .put("version", action.version())
                            .put("verb", action.verb())
                            .put("event", action.type() + "." + action.event())
                            .put("actor", action.actor())
                            .put("at", IsoTime.text(action.at()));
            action.reason().ifPresent(reason -> json.put("reason", reason));
            var change =
                    Change.between(
                            action.verb(),
                            action.type(),
                            action.object(),
                            before,
                            action.document());
            var fields = json.putObject("changes");
            change.after()
                    .properties()
                    .forEach(field -> {
                        var one = fields.putObject(field.getKey());
                        one.set("before", change.before().path(field.getKey()));
                        one.set("after", field.getValue());
                    });
            action.detail().ifPresent(detail -> json.set("detail", detail));
            before = action.document();
        }
        return all;
    }

    /// See [Experiments#assign].
    public JsonNode assign(String idOrSlug, JsonNode subjects, JsonNode options) {
        var noun = nouns.require(EXPERIMENT);
        return experiments.assign(noun, require(noun, idOrSlug), subjects, options);
    }

    /// See [Experiments#record].
    public ObjectNode record(String idOrSlug, JsonNode outcomes) {
        var noun = nouns.require(EXPERIMENT);
        return experiments.record(noun, require(noun, idOrSlug), outcomes);
    }

    /// See [Experiments#results].
    public ObjectNode results(String idOrSlug) {
        return experiments.results(require(nouns.require(EXPERIMENT), idOrSlug));
    }

    /// The object, or the refusal that says how to find it.
    private StoredObject require(Noun noun, String idOrKey) {
        return find(noun, idOrKey).orElseThrow(() -> unknownId(noun, idOrKey));
    }

    /// The refusal for an object that is not there.
    public static Refused unknownId(Noun noun, String idOrKey) {
        return new Refused(
                        Reason.UNKNOWN_ID,
                        "No %s with the id %s exists.".formatted(noun.name(), Quoted.of(idOrKey)),
                        "Find the id with search {\"type\": \"%s\"}, or with $.%s.find() in a script."
                                .formatted(noun.name(), noun.name()))
                .field("id")
                .with("type", JsonNodeFactory.instance.stringNode(noun.name()))
                .with("id", JsonNodeFactory.instance.stringNode(idOrKey));
    }

    private Optional<StoredObject> find(Noun noun, String idOrKey) {
        if (noun.name().equals(EVENT)) {
            return objects.event(noun, idOrKey);
        }
        var byId =
                ID.matcher(idOrKey).matches()
                        ? objects.get(idOrKey).filter(object -> object.type().equals(noun.name()))
                        : Optional.<StoredObject>empty();
        if (byId.isPresent()) {
            return byId;
        }
        for (var field : noun.fields().values()) {
            if (field.index() == Field.Index.UNIQUE) {
                var found = objects.byUnique(noun, field.name(), idOrKey);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<StoredObject> past(Noun noun, String idOrKey, Instant time) {
        var id = find(noun, idOrKey).map(StoredObject::id).orElse(idOrKey);
        return objects.past(id, time.toEpochMilli())
                .filter(object -> object.type().equals(noun.name()));
    }

    private String newId(Noun noun) {
        for (; ; ) {
            var id = ids.next(noun.prefix());
            if (!objects.isTaken(id)) {
                return id;
            }
        }
    }

    private void checkVersion(StoredObject current, JsonNode expected) {
        if (expected.isMissingNode()
                || expected.isNull()
                || expected.asInt(-1) == current.version()) {
            return;
        }
        throw new Refused(
                        Reason.STALE_VERSION,
                        "%s is at version %d, not at %s: it has changed since you read it."
                                .formatted(
                                        Quoted.of(current.id()),
                                        current.version(),
                                        Quoted.of(expected)),
                        "Read it again and redo your change on the new state, or name it by its $id alone, without $version.")
                .field("$version")
                .with("currentVersion", JsonNodeFactory.instance.numberNode(current.version()));
    }

    private void checkUnique(Noun noun, StoredObject object) {
        for (var field : noun.fields().values()) {
            var value = object.document().get(field.name());
            if (field.index() != Field.Index.UNIQUE || value == null || !value.isString()) {
                continue;
            }
            objects.byUnique(noun, field.name(), value.stringValue())
                    .filter(other -> !other.id().equals(object.id()))
                    .ifPresent(other -> {
                        throw new Refused(
                                        Reason.NOT_UNIQUE,
                                        "%s %s is taken by %s."
                                                .formatted(
                                                        field.name(), Quoted.of(value), other.id()),
                                        "Choose another %s, or update the object that has it."
                                                .formatted(field.name()))
                                .field(field.name())
                                .with(
                                        "existingId",
                                        JsonNodeFactory.instance.stringNode(other.id()));
                    });
        }
    }

    /// Every reference that is new must lead to a live object of its type.
    private void checkReferences(Noun noun, ObjectNode before, ObjectNode document) {
        for (var field : noun.fields().values()) {
            if (field instanceof Field.Reference reference) {
                var value = document.path(field.name());
                if (!value.equals(before.path(field.name()))) {
                    (value.isArray() ? value.valueStream() : java.util.stream.Stream.of(value))
                            .filter(JsonNode::isString)
                            .forEach(id -> checkReference(reference, id.stringValue()));
                }
            }
        }
    }

    private void checkReference(Field.Reference reference, String id) {
        if (objects.get(id).filter(target -> target.type().equals(reference.target())).isEmpty()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "'%s' refers to %s, but there is no such %s."
                                    .formatted(reference.name(), Quoted.of(id), reference.target()),
                            "Create the %s first, or send the $id of one that exists."
                                    .formatted(reference.target()))
                    .field(reference.name());
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
