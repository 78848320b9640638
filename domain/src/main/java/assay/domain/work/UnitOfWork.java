package assay.domain.work;

import assay.domain.Caller;
import assay.domain.Change;
import assay.domain.IsoTime;
import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.Warning;
import assay.domain.loop.Desk;
import assay.domain.loop.Loop;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.noun.Verb;
import assay.domain.prompt.Code;
import assay.domain.prompt.Datasets;
import assay.domain.prompt.Judges;
import assay.domain.prompt.Prompts;
import assay.domain.query.Query;
import assay.domain.query.QueryParser;
import assay.domain.store.Leases;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
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

    private final Ground ground;
    private final Nouns nouns;
    private final Caller caller;
    private final Instant now;
    private final Objects objects;
    private final Lookup lookup;
    private final Past past;
    private final Entities entities;
    private final Experiments experiments;
    private final Optional<Hooks> code;

    /// What is done here in the name of somebody else, such as the hook that does it.
    private final Optional<String> because;

    /// Asked for by the first verb, like those that write: who only reads does without.
    private @Nullable RunningHooks hooks;

    private @Nullable Writes writes;

    /// A unit of work whose verbs run no hooks.
    public UnitOfWork(Nouns nouns, Transaction transaction, Caller caller, Instant now, Ids ids) {
        this(nouns, transaction, caller, now, ids, Optional.empty(), Optional.empty());
    }

    /// @param hooks runs the hooks of verbs; empty when they are switched off
    /// @param run the id of the script run that all this belongs to, for the log
    public UnitOfWork(
            Nouns nouns,
            Transaction transaction,
            Caller caller,
            Instant now,
            Ids ids,
            Optional<Hooks> hooks,
            Optional<String> run) {
        this(Ground.of(nouns, transaction, caller, now, ids.at(now), run), hooks, Optional.empty());
    }

    private UnitOfWork(Ground ground, Optional<Hooks> code, Optional<String> because) {
        this.ground = ground;
        this.nouns = ground.nouns();
        this.caller = ground.caller();
        this.now = ground.now();
        this.objects = ground.objects();
        this.lookup = ground.lookup();
        this.past = ground.past();
        this.entities = ground.entities();
        this.experiments = ground.experiments();
        this.code = code;
        this.because = because;
    }

    /// The same unit of work, in which a hook works with the rights of whoever registered it.
    private UnitOfWork inside(Hook hook) {
        var registrant = new Caller(caller.tenant(), hook.registrant(), caller.readOnly());
        var why = "hook %s on %s".formatted(hook.id(), hook.name());
        var work = new UnitOfWork(ground.as(registrant), code, Optional.of(why));
        work.hooks = hooks();
        return work;
    }

    private RunningHooks hooks() {
        var made = hooks;
        if (made == null) {
            made = new RunningHooks(code, nouns, objects);
            hooks = made;
        }
        return made;
    }

    private Writes writes() {
        var made = writes;
        if (made == null) {
            made = new Writes(ground, hooks(), because, this::inside);
            writes = made;
        }
        return made;
    }

    /// What this unit has changed so far, in order.
    public List<Change> changes() {
        return ground.changes().all();
    }

    /// What the caller is to be warned of.
    public List<Warning> warnings() {
        return ground.warnings().all();
    }

    /// Nothing that this unit does will be kept: a look that a rule takes only once is refused in
    /// it.
    ///
    /// @param why in words that go on a sentence
    public void barPlannedLooks(String why) {
        ground.looks().barPlannedLooks(why);
    }

    /// The looks at results that this unit took, to be logged after its end.
    public List<Experiments.PendingLook> looks() {
        return ground.looks().looks();
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
        var broken = ground.notes().get(HOOK_FILES).map(note -> JsonTree.read(note).path("broken"));
        if (!counts.isEmpty() || broken.filter(files -> !files.isEmpty()).isPresent()) {
            var hooks = json.putObject("hooks");
            counts.forEach(hooks::put);
            broken.filter(files -> !files.isEmpty()).ifPresent(files -> hooks.set("broken", files));
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
        return writes().create(noun, data);
    }

    /// Changes fields of an object: null clears one, objects are replaced whole.
    ///
    /// @param options `{ifVersion, reason}`; a `$version` in the data means the same as `ifVersion`
    public ObjectNode update(Noun noun, String idOrKey, ObjectNode data, JsonNode options) {
        return writes().update(noun, idOrKey, data, options);
    }

    /// Runs a verb of a noun's own on an object.
    ///
    /// @param data fields to change along with it, and `reason` for the log
    public ObjectNode verb(Noun noun, String name, String idOrKey, ObjectNode data) {
        return writes().verb(noun, name, idOrKey, data);
    }

    /// Hides an object; its past stays.
    ///
    /// @return false when there was none
    public boolean delete(Noun noun, String idOrKey) {
        return writes().delete(noun, idOrKey);
    }

    /// Makes an old state of an object, deleted or not, its newest version. One that is in that
    /// state already stays as it is.
    ///
    /// @param to a version number, `{version}` or `{asOf}`
    public ObjectNode rollback(Noun noun, String idOrKey, JsonNode to) {
        return writes().rollback(noun, idOrKey, to);
    }

    /// Runs several creates of Events, which are appended together.
    public <T> T together(Noun noun, Supplier<T> creates) {
        return writes().together(noun, creates);
    }

    /// Runs several writes of which, if one is refused, none is kept.
    public <T> T allOrNone(Supplier<T> several) {
        return writes().allOrNone(several);
    }

    /// Keeps a hook, unless the same code is registered for the same verb already.
    ///
    /// @return the hook's entity
    public ObjectNode register(Registration registration) {
        objects.prepareToWrite();
        return entities.entity(registry().register(registration, Optional.empty()));
    }

    /// Keeps the hooks that a file registers.
    ///
    /// @param file its name
    public void registerFile(String file, List<Registration> registrations) {
        objects.prepareToWrite();
        var registry = registry();
        registrations.forEach(one -> registry.register(one, Optional.of(file)));
    }

    /// Takes away the hooks of a file that it does not register any more.
    ///
    /// @param registrations what it registers now, nothing when it is gone
    public void forgetFile(String file, List<Registration> registrations) {
        objects.prepareToWrite();
        registry().removeOf(file, registrations);
    }

    /// A hook that is to be.
    ///
    /// @param source the text of a function
    public record Registration(Noun noun, Verb verb, Hook.Phase phase, String source) {
        private static final int LONGEST_SOURCE = 20_000;

        /// @throws Refused if the noun or the code cannot be
        public Registration {
            if (!noun.isHookable()) {
                throw new Refused(
                        Reason.INVALID_REQUEST,
                        "Hooks have no hooks.",
                        "Register it on another noun, or look at $.history(id) of a hook.");
            }
            if (source.isBlank() || source.length() > LONGEST_SOURCE) {
                throw new Refused(
                                Reason.TOO_LARGE,
                                "The function for %s has %,d characters; a hook has 1 to %,d."
                                        .formatted(
                                                name(noun, verb, phase),
                                                source.length(),
                                                LONGEST_SOURCE),
                                "Write a shorter function.")
                        .field("source");
            }
        }

        /// What the hook is called, such as `Experiment.starting`.
        String name() {
            return name(noun, verb, phase);
        }

        private static String name(Noun noun, Verb verb, Hook.Phase phase) {
            return noun.name()
                    + "."
                    + (phase == Hook.Phase.BEFORE ? verb.activity() : verb.event());
        }
    }

    private HookRegistry registry() {
        var noun = nouns.require(HookRegistry.HOOK);
        return new HookRegistry(
                nouns,
                objects,
                ground.changes(),
                hooks(),
                () -> writes().newId(noun),
                caller.actor(),
                now);
    }

    /// All that was done to an object, oldest first: `{version, verb, event, actor, reason?, at,
    /// changes: {field: {before, after}}, detail?, run?}`.
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

    /// A recorded run of a script: `{$type, $id, at, actor, script, params, seed, program, result,
    /// idempotencyKey?, log: [{type, id, verb, version}]}`. The result is a SHA-256 of its JSON.
    public Optional<ObjectNode> run(String id) {
        return ground.runs().find(id).map(run -> Recorded.json(run, objects.logged(id)));
    }

    /// See [Experiments#assign].
    public JsonNode assign(String idOrSlug, JsonNode subjects, JsonNode options) {
        var noun = nouns.require(EXPERIMENT);
        return experiments.assign(noun, lookup.require(noun, idOrSlug), subjects, options);
    }

    /// See [Experiments#evaluate].
    public ObjectNode evaluate(
            String idOrKey, JsonNode subject, JsonNode attributes, JsonNode options) {
        var flag = lookup.require(nouns.require("FeatureFlag"), idOrKey);
        return experiments.evaluate(flag, subject, attributes, options);
    }

    /// See [Experiments#record].
    public ObjectNode record(String idOrSlug, JsonNode outcomes) {
        var noun = nouns.require(EXPERIMENT);
        return experiments.record(lookup.require(noun, idOrSlug), outcomes);
    }

    /// The loop of experiments over datasets.
    ///
    /// @param code runs the judges that are functions
    public Loop loop(Code code) {
        return new Loop(
                new Desk(
                        nouns.require(EXPERIMENT),
                        prompting(),
                        experiments,
                        ground.events(),
                        new Leases(ground.transaction()),
                        ground.looks(),
                        ground.ids()::next,
                        code));
    }

    /// The experiment with this id or slug.
    ///
    /// @throws Refused if there is none
    public StoredObject experiment(String idOrSlug) {
        return lookup.require(nouns.require(EXPERIMENT), idOrSlug);
    }

    /// Makes a started experiment Running, as its first exposure does.
    void begin(String id) {
        experiments.begin(nouns.require(EXPERIMENT), experiment(id));
    }

    /// Logs with an experiment that events were imported.
    void noteImport(String idOrSlug, ObjectNode detail) {
        experiments.noteImport(experiment(idOrSlug), detail);
    }

    /// When the traffic of a bandit is to be moved next.
    Optional<Instant> reallocationDue(String id) {
        return experiments.reallocationDue(experiment(id));
    }

    /// What of the outcomes that the caller appended after an event no results can count.
    ObjectNode uncounted(String idOrSlug, long after) {
        return experiments.uncounted(experiment(idOrSlug), after);
    }

    /// The sequence number of the newest event.
    long watermark() {
        return experiments.watermark();
    }

    /// Erases a subject: its exposures and events, and the text of the runs that name it. What was
    /// computed of them follows, and the log says that somebody was erased, not who.
    ///
    /// @return `{subject, events, runs}`, the subject as a fingerprint
    public ObjectNode forget(JsonNode subject) {
        return new Erasure(ground).of(subject);
    }

    /// See [Experiments#results].
    public ObjectNode results(String idOrSlug) {
        return (ObjectNode) results(idOrSlug, MissingNode.getInstance());
    }

    /// See [Experiments#results].
    public JsonNode results(String idOrSlug, JsonNode options) {
        return experiments.results(lookup.require(nouns.require(EXPERIMENT), idOrSlug), options);
    }

    /// See [Experiments#brief].
    public String brief(String idOrSlug) {
        var experiment = experiment(idOrSlug);
        return experiments.brief(experiment, () -> loop(Code.NONE).work(experiment));
    }

    /// See [Experiments#outcome].
    public Optional<ObjectNode> outcome(String id, ObjectNode document) {
        return experiments.outcome(id, document);
    }

    /// See [Experiments#certificate].
    public ObjectNode certificate(String idOrSlug) {
        return experiments.certificate(lookup.require(nouns.require(EXPERIMENT), idOrSlug));
    }

    /// See [Experiments#plan].
    ///
    /// @param what the id or slug of an experiment, or a design
    public ObjectNode plan(JsonNode what, JsonNode more) {
        return what instanceof ObjectNode design && !design.has("$id")
                ? Experiments.plan(design)
                : experiments.plan(requireExperiment(what), more);
    }

    /// See [Experiments#simulate].
    ///
    /// @param what the id or slug of an experiment, or a design
    public ObjectNode simulate(JsonNode what, JsonNode options) {
        return what instanceof ObjectNode design && !design.has("$id")
                ? Experiments.simulate(design, options)
                : experiments.simulate(requireExperiment(what), options);
    }

    private StoredObject requireExperiment(JsonNode what) {
        var id = what.isObject() ? what.path("$id") : what;
        return lookup.require(nouns.require(EXPERIMENT), id.asString(""));
    }

    /// The prompts, in versions.
    public Prompts prompts() {
        return new Prompts(prompting());
    }

    /// The datasets and their items.
    public Datasets datasets() {
        return new Datasets(prompting());
    }

    /// The judges.
    ///
    /// @param code runs those that are functions
    public Judges judges(Code code) {
        return new Judges(prompting(), code);
    }

    private assay.domain.prompt.Scope prompting() {
        return new assay.domain.prompt.Scope(
                nouns,
                ground.transaction(),
                objects,
                caller.actor(),
                now,
                (noun, idOrKey) -> lookup.find(noun, idOrKey, Optional.empty()),
                lookup::require,
                this::create,
                entities::entity,
                ground.changes()::addOrMerge);
    }

    /// The refusal for an object that is not there.
    public static Refused unknownId(Noun noun, String idOrKey) {
        return Lookup.unknown(noun, idOrKey);
    }
}
