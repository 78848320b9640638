package assay.tools;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Experiments;
import assay.domain.loop.Loop;
import assay.domain.noun.Field;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.prompt.Code;
import assay.domain.store.Conflict;
import assay.domain.work.UnitOfWork;
import assay.scripting.Host;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// What stands behind `$`: each call of a script becomes a call on its unit of work.
final class Binding implements Host, AutoCloseable {
    /// Reasons that say nothing about the object being written.
    private static final Set<Reason> NOT_OF_DATA =
            EnumSet.of(
                    Reason.LIMIT_EXCEEDED,
                    Reason.CANCELLED,
                    Reason.READ_ONLY,
                    Reason.BUDGET_EXHAUSTED,
                    Reason.STORE_UNAVAILABLE,
                    Reason.INTERNAL);

    private final Nouns nouns;
    private final UnitOfWork work;
    private final Search search;
    private final Fetch fetch;
    private final Code code;
    private final boolean inHook;
    private boolean isClosed;

    /// @param code runs the functions of scripted judges
    /// @param inHook true for a hook's `$`, which registers no further hooks
    Binding(Nouns nouns, UnitOfWork work, Search search, Fetch fetch, Code code, boolean inHook) {
        this.code = code;
        this.inHook = inHook;
        this.nouns = nouns;
        this.work = work;
        this.search = search;
        this.fetch = fetch;
    }

    /// Waits for the call that still runs. A script that was stopped in the middle of one leaves it
    /// behind, and the transaction must not end under it.
    @Override
    public synchronized void close() {
        isClosed = true;
    }

    @Override
    public synchronized Answer call(String function, String arguments) {
        if (isClosed) {
            return new Answer.Abandon("the script has ended");
        }
        try {
            return new Answer.Value(answer(function, list(arguments)).toString());
        } catch (Refused refused) {
            return new Answer.Refusal(refused.toJson().toString());
        } catch (Conflict _) {
            return new Answer.Abandon("another writer was first");
        } catch (RuntimeException fault) {
            return new Answer.Refusal(Incident.of("$." + function, fault).toJson().toString());
        }
    }

    private static ArrayNode list(String arguments) {
        if (ScriptJson.read(arguments) instanceof ArrayNode list) {
            return list;
        }
        throw new Refused(
                Reason.INVALID_REQUEST,
                "The arguments of a call are not a list.",
                "Call the functions of $ as functions.");
    }

    private JsonNode answer(String function, ArrayNode arguments) {
        var dot = function.indexOf('.');
        if (dot < 0) {
            return switch (function) {
                case "search" -> search(arguments.path(0), arguments);
                case "fetch" -> fetch(arguments.path(0), arguments);
                case "history" -> work.history(id(function, arguments));
                case "status" -> work.status();
                case "help" -> text(new Help(nouns).of(arguments.path(0)));
                case "describe" -> text(new Help(nouns).describe(arguments.path(0)));
                default -> throw unknown(function);
            };
        }
        if (function.equals(Functions.FORGET)) {
            return work.forget(arguments.path(0));
        }
        return ofNoun(
                nouns.require(function.substring(0, dot)), function.substring(dot + 1), arguments);
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }

    private JsonNode search(JsonNode request, ArrayNode arguments) {
        if (request.isString()) {
            throw CallArguments.invalid(
                    "search", "Call $.search({query: %s}).".formatted(Quoted.of(request)), request);
        }
        return search.answer(work, new Arguments(CallArguments.object("search", arguments, 0)));
    }

    private JsonNode fetch(JsonNode request, ArrayNode arguments) {
        if (request.isString()) {
            throw CallArguments.invalid(
                    "fetch", "Call $.fetch({id: %s}).".formatted(Quoted.of(request)), request);
        }
        return fetch.answer(work, new Arguments(CallArguments.object("fetch", arguments, 0)));
    }

    private JsonNode ofNoun(Noun noun, String name, ArrayNode arguments) {
        var call = noun.name() + "." + name;
        var registration = Registering.read(noun, name, arguments);
        if (registration.isPresent()) {
            return register(registration.get());
        }
        return switch (name) {
            case "get" ->
                    work.get(
                                    noun,
                                    id(call, arguments),
                                    work.queries()
                                            .find(
                                                    noun,
                                                    NullNode.getInstance(),
                                                    options(call, arguments, 1)))
                            .<JsonNode>map(entity -> entity)
                            .orElse(NullNode.getInstance());
            case "find" -> find(noun, call, arguments);
            case "findOne" ->
                    work
                            .find(
                                    work.queries()
                                            .find(
                                                    noun,
                                                    arguments.path(0),
                                                    options(call, arguments, 1))
                                            .limit(1))
                            .stream()
                            .<JsonNode>map(entity -> entity)
                            .findFirst()
                            .orElse(NullNode.getInstance());
            case "count" ->
                    JsonNodeFactory.instance.numberNode(
                            work.count(
                                    work.queries()
                                            .find(
                                                    noun,
                                                    arguments.path(0),
                                                    JsonNodeFactory.instance.objectNode())));
            case "history" -> work.history(id(call, arguments));
            case "create" -> work.create(noun, CallArguments.object(call, arguments, 0));
            case "createMany" -> createMany(noun, call, arguments);
            case "update" -> update(noun, call, arguments);
            case "updateMany" ->
                    many(
                            call,
                            arguments,
                            data ->
                                    work.update(
                                            noun, idOf(call, data), data, NullNode.getInstance()));
            case "delete" -> BooleanNode.valueOf(work.delete(noun, id(call, arguments)));
            case "rollback" -> work.rollback(noun, id(call, arguments), arguments.path(1));
            default -> engineOrVerb(noun, name, call, arguments);
        };
    }

    private JsonNode register(UnitOfWork.Registration registration) {
        if (inHook) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "A hook registers no hooks.",
                    "Register it in a script of its own.");
        }
        return work.register(registration);
    }

    private JsonNode engineOrVerb(Noun noun, String name, String call, ArrayNode arguments) {
        if (Functions.ofNoun(noun).contains(name)) {
            return switch (name) {
                case "assign" ->
                        work.assign(id(call, arguments), arguments.path(1), arguments.path(2));
                case "record" -> record(id(call, arguments), arguments.path(1));
                case "next" ->
                        work.loop(code)
                                .next(work.experiment(id(call, arguments)), arguments.path(1));
                case "judge" ->
                        work.loop(code)
                                .judge(work.experiment(id(call, arguments)), arguments.path(1));
                case "certificate" -> work.certificate(id(call, arguments));
                case "plan" -> work.plan(designOrId(call, arguments), arguments.path(1));
                case "simulate" -> work.simulate(designOrId(call, arguments), arguments.path(1));
                case "results" -> work.results(id(call, arguments), options(call, arguments, 1));
                case "evaluate" ->
                        work.evaluate(
                                id(call, arguments),
                                arguments.path(1),
                                arguments.path(2),
                                options(call, arguments, 3));
                default -> PromptCalls.answer(work, code, call, id(call, arguments), arguments);
            };
        }
        return verb(noun, name, call, arguments);
    }

    private JsonNode record(String id, JsonNode content) {
        return Loop.isLease(id) ? work.loop(code).record(id, content) : work.record(id, content);
    }

    /// What is only thought about, or what there is.
    private static JsonNode designOrId(String call, ArrayNode arguments) {
        var given = arguments.path(0);
        if (given.isObject() || (given.isString() && !given.stringValue().isBlank())) {
            return given;
        }
        throw CallArguments.invalid(
                call,
                "Give %s the id of an experiment, or a design such as {baseline: 0.1, minimumEffect: {relative: 0.1}}."
                        .formatted(call),
                given);
    }

    private JsonNode find(Noun noun, String call, ArrayNode arguments) {
        var options = options(call, arguments, 1);
        var query = work.queries().find(noun, arguments.path(0), options);
        var found = options.hasNonNull("limit") ? work.find(query) : work.findAll(query);
        var list = JsonNodeFactory.instance.arrayNode();
        found.forEach(list::add);
        return list;
    }

    private JsonNode update(Noun noun, String call, ArrayNode arguments) {
        if (arguments.path(0) instanceof ObjectNode data) {
            return work.update(noun, idOf(call, data), data, arguments.path(1));
        }
        return work.update(
                noun,
                id(call, arguments),
                CallArguments.object(call, arguments, 1),
                arguments.path(2));
    }

    /// `verb(id)`, `verb(id, data)`, or everything in one object with `$id`, `id` or a unique field
    /// in it.
    private JsonNode verb(Noun noun, String name, String call, ArrayNode arguments) {
        if (arguments.path(0) instanceof ObjectNode all) {
            var data = all.deepCopy();
            var id = idOf(noun, call, data);
            data.remove("id");
            return work.verb(noun, name, id, data);
        }
        var data = options(call, arguments, 1).deepCopy();
        var options = options(call, arguments, 2);
        options.properties().forEach(option -> data.set(option.getKey(), option.getValue()));
        return work.verb(noun, name, id(call, arguments), data);
    }

    /// One of a list of objects to be written.
    @FunctionalInterface
    private interface Write {
        ObjectNode of(ObjectNode data);
    }

    private JsonNode createMany(Noun noun, String call, ArrayNode arguments) {
        if (!noun.name().equals("Event")) {
            return many(call, arguments, data -> work.create(noun, data));
        }
        if (arguments.path(0).size() > Experiments.LARGEST_BATCH) {
            throw new Refused(
                    Reason.LIMIT_EXCEEDED,
                    "The call brings %d events; the most is %d."
                            .formatted(arguments.path(0).size(), Experiments.LARGEST_BATCH),
                    "Split them over several calls.");
        }
        return many(
                call,
                arguments,
                creates -> work.together(noun, creates),
                data -> work.create(noun, data));
    }

    /// Runs a list of writes.
    @FunctionalInterface
    private interface Around {
        JsonNode of(Supplier<JsonNode> writes);
    }

    private JsonNode many(String call, ArrayNode arguments, Write write) {
        return many(call, arguments, Supplier::get, write);
    }

    /// All or none, also for a script that catches the refusal.
    private JsonNode many(String call, ArrayNode arguments, Around around, Write write) {
        var list = arguments.path(0);
        if (!list.isArray()) {
            throw CallArguments.invalid(call, "Give %s an array of objects.".formatted(call), list);
        }
        return work.allOrNone(() ->
                around.of(() -> {
                    var written = JsonNodeFactory.instance.arrayNode();
                    for (var i = 0; i < list.size(); i++) {
                        written.add(element(call, list.get(i), i, write));
                    }
                    return written;
                }));
    }

    private static ObjectNode element(String call, JsonNode one, int index, Write write) {
        try {
            if (!(one instanceof ObjectNode data)) {
                throw CallArguments.invalid(
                        call, "Give %s an array of objects.".formatted(call), one);
            }
            return write.of(data);
        } catch (Refused refused) {
            throw NOT_OF_DATA.contains(refused.reason()) ? refused : of(index, refused);
        }
    }

    /// The same refusal, saying which of several objects it is about.
    private static Refused of(int index, Refused refused) {
        var told =
                new Refused(
                        refused.reason(),
                        "Element %d, counting from 0: %s".formatted(index, refused.problem()),
                        refused.repair());
        var details = refused.toJson().remove(List.of("reason", "message", "repair"));
        details.properties().forEach(detail -> told.with(detail.getKey(), detail.getValue()));
        return told;
    }

    private String idOf(String call, ObjectNode data) {
        var id = idIn(data).orElseThrow(() -> missingId(call));
        data.remove("id");
        return id;
    }

    /// The id within the data of a verb, or what else names the object there: the value of a unique
    /// field, or a metric's name.
    private String idOf(Noun noun, String call, ObjectNode data) {
        return idIn(data)
                .or(() -> metricNamed(noun, data))
                .or(() ->
                        noun.fields().values().stream()
                                .filter(field -> field.index() == Field.Index.UNIQUE)
                                .map(field -> data.path(field.name()))
                                .filter(JsonNode::isString)
                                .map(JsonNode::stringValue)
                                .findFirst())
                .orElseThrow(() -> missingId(call));
    }

    /// The name need not be unique: the newest metric of that name is meant.
    private Optional<String> metricNamed(Noun noun, ObjectNode data) {
        if (!noun.name().equals("Metric") || !data.path("name").isString()) {
            return Optional.empty();
        }
        var name = data.remove("name").stringValue();
        var whole = work.queries().search(noun, JsonNodeFactory.instance.objectNode());
        return Optional.of(
                work.metric(noun, name, whole)
                        .orElseThrow(() -> UnitOfWork.unknownId(noun, name))
                        .path("$id")
                        .stringValue());
    }

    private static Optional<String> idIn(JsonNode given) {
        return Stream.of("$id", "id")
                .map(given::path)
                .filter(id -> id.isString() && !id.stringValue().isBlank())
                .map(JsonNode::stringValue)
                .findFirst();
    }

    private String id(String call, ArrayNode arguments) {
        var given = arguments.path(0);
        return given.isString() && !given.stringValue().isBlank()
                ? given.stringValue()
                : idIn(given).orElseThrow(() -> missingId(call));
    }

    private Refused missingId(String call) {
        var type = call.substring(0, Math.max(0, call.indexOf('.')));
        return new Refused(
                        Reason.MISSING_FIELD,
                        "%s needs to know which object.".formatted(call),
                        (call.endsWith(".updateMany")
                                        ? "Put $id into each element, as in $.%s([{ $id: '%s_hR5nVkTw', … }])."
                                        : "Give its $id as the first argument, as in $.%s('%s_hR5nVkTw').")
                                .formatted(
                                        call,
                                        type.isEmpty()
                                                ? "experiment"
                                                : nouns.require(type).prefix()))
                .field("$id");
    }

    private static ObjectNode options(String call, ArrayNode arguments, int index) {
        var given = arguments.path(index);
        return given.isMissingNode() || given.isNull()
                ? JsonNodeFactory.instance.objectNode()
                : CallArguments.object(call, arguments, index);
    }

    private static Refused unknown(String function) {
        return new Refused(
                Reason.UNKNOWN_VERB,
                "There is no $.%s.".formatted(function),
                "Fetch {\"type\": \"Schema\"} for all that $ holds.");
    }
}
