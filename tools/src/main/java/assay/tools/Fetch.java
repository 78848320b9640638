package assay.tools;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.noun.Schema;
import assay.domain.store.DataFolder;
import assay.domain.work.UnitOfWork;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads one thing whole: an object, its history, a schema, the state of the workspace.
public final class Fetch implements Tool {
    private static final List<String> ARGUMENTS =
            List.of("id", "type", "include", "fields", "asOf", "resource", "noun");
    private static final String METRIC = "Metric";
    private static final String RUN = "Run";
    private static final String ID_OF_RUN = "run_";

    private final ObjectNode definition = Definition.of("fetch");
    private final Nouns nouns;
    private final Reading reading;

    public Fetch(DataFolder folder, InstantSource clock) {
        this.nouns = folder.nouns();
        this.reading = new Reading(folder, clock);
    }

    @Override
    public String name() {
        return "fetch";
    }

    @Override
    public ObjectNode definition() {
        return definition;
    }

    @Override
    public ObjectNode call(ObjectNode json) {
        return Cut.toFit(reading.of(work -> answer(work, new Arguments(json))));
    }

    /// The same for a script's `$.fetch`, within its own unit of work.
    ObjectNode answer(UnitOfWork work, Arguments arguments) {
        arguments.requireOnly(ARGUMENTS);
        return switch (kind(arguments)) {
            case "Schema", "schema" -> schema(arguments);
            case "Status", "status" -> work.status();
            case "History", "history" -> history(work, id(arguments));
            case RUN -> run(work, id(arguments), arguments);
            case "" -> {
                var id = id(arguments);
                yield recorded(work, id).orElseGet(() -> entity(work, nounOf(work, id), arguments));
            }
            case String type -> entity(work, nouns.require(type), arguments);
        };
    }

    /// What is asked for: a type, or one of the other things that can be fetched; empty when only
    /// the id tells. Other clients of this contract call it `resource` and have words of their own.
    private static String kind(Arguments arguments) {
        var type = arguments.text("type").orElse("");
        return switch (arguments.text("resource").orElse("")) {
            case "", "entity", "state" -> type;
            case "events" -> "History";
            case "metrics" -> METRIC;
            case String resource -> resource;
        };
    }

    private static Noun nounOf(UnitOfWork work, String id) {
        return work.nounOf(id)
                .orElseThrow(() ->
                        new Refused(
                                        Reason.UNKNOWN_ID,
                                        "Nothing has the id, slug or key %s."
                                                .formatted(Quoted.of(id)),
                                        "Find the id with search {\"query\": …}; ids look like experiment_hR5nVkTw.")
                                .field("id"));
    }

    private static ObjectNode entity(UnitOfWork work, Noun noun, Arguments arguments) {
        var id = id(arguments);
        var told = Told.of(noun, arguments, Told.BRIEF);
        var view = work.queries().search(noun, told.request());
        var found =
                noun.name().equals(METRIC) ? work.metric(noun, id, view) : work.get(noun, id, view);
        var entity = found.orElseThrow(() -> UnitOfWork.unknownId(noun, id));
        if (told.isWanted()) {
            entity.put(Told.BRIEF, work.brief(entity.path("$id").stringValue()));
        }
        return Hits.whole(entity, work.context());
    }

    private static ObjectNode history(UnitOfWork work, String id) {
        var json = JsonNodeFactory.instance.objectNode().put("$type", "History").put("id", id);
        return json.set("history", work.history(id));
    }

    private static Optional<ObjectNode> recorded(UnitOfWork work, String id) {
        return id.startsWith(ID_OF_RUN) ? work.run(id) : Optional.empty();
    }

    /// The recorded run of a script, else the run of a unit of work.
    private ObjectNode run(UnitOfWork work, String id, Arguments arguments) {
        var noun = nouns.require(RUN);
        return recorded(work, id)
                .or(() -> work.get(noun, id, work.queries().search(noun, arguments.json())))
                .orElseThrow(() ->
                        new Refused(
                                        Reason.UNKNOWN_ID,
                                        "There is no recorded run %s.".formatted(Quoted.of(id)),
                                        "Take the id from 'run' in an object's history, or from $.Run.find(); scripts that changed"
                                                + " nothing are not recorded.")
                                .field("id"));
    }

    private ObjectNode schema(Arguments arguments) {
        var signatures = Functions.signatures();
        var name =
                arguments
                        .text("id")
                        .or(() -> arguments.text("noun"))
                        .or(() ->
                                arguments.text("resource").isPresent()
                                        ? arguments.text("type")
                                        : Optional.empty());
        if (name.isEmpty()) {
            return Schema.all(nouns).put("typescript", Schema.typescript(nouns, signatures));
        }
        var noun = nouns.require(name.get());
        return Schema.json(nouns, noun)
                .put("typescript", Schema.typescript(nouns, noun, signatures));
    }

    private static String id(Arguments arguments) {
        return arguments
                .text("id")
                .orElseThrow(() ->
                        new Refused(
                                        Reason.MISSING_FIELD,
                                        "fetch needs an id.",
                                        "Send {\"id\": …}; search finds ids, and {\"type\": \"Schema\"} and {\"type\":"
                                                + " \"Status\"} need none.")
                                .field("id"));
    }
}
