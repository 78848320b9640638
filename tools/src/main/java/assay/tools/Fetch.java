package assay.tools;

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
        var arguments = new Arguments(json);
        arguments.requireOnly(ARGUMENTS);
        return Cut.toFit(reading.of(work -> answer(work, arguments)));
    }

    /// The same for a script's `$.fetch`, within its own unit of work.
    ObjectNode answer(UnitOfWork work, Arguments arguments) {
        var id = arguments.text("id");
        var type =
                arguments
                        .text("resource")
                        .filter(resource -> !resource.equals("entity"))
                        .or(() -> arguments.text("type"));
        return switch (type.orElse("")) {
            case "Schema", "schema" -> schema(id.or(() -> arguments.text("noun")));
            case "Status", "status" -> work.status();
            case "History", "history", "events" -> history(work, id.orElseThrow(Fetch::missingId));
            case METRIC -> metric(work, id.orElseThrow(Fetch::missingId), arguments);
            case "" -> entity(work, ofId(id.orElseThrow(Fetch::missingId)), id.get(), arguments);
            default ->
                    entity(
                            work,
                            nouns.require(type.get()),
                            id.orElseThrow(Fetch::missingId),
                            arguments);
        };
    }

    private Noun ofId(String id) {
        return nouns.ofId(id)
                .orElseThrow(() ->
                        new Refused(
                                        Reason.UNKNOWN_ID,
                                        "%s does not tell its type."
                                                .formatted(assay.domain.Quoted.of(id)),
                                        "Send the type too, such as {\"type\": \"Experiment\", \"id\": …}; ids"
                                                + " look like experiment_hR5nVkTw.")
                                .field("id"));
    }

    private static ObjectNode entity(UnitOfWork work, Noun noun, String id, Arguments arguments) {
        var view = work.queries().search(noun, arguments.json().deepCopy().without("filter"));
        return work.get(noun, id, view)
                .map(entity -> Hits.of(entity).put("text", Brief.of(entity)))
                .orElseThrow(() -> UnitOfWork.unknownId(noun, id));
    }

    /// The id of a Metric means the object; anything else is a metric's name, of which the newest
    /// is meant.
    private ObjectNode metric(UnitOfWork work, String idOrName, Arguments arguments) {
        var noun = nouns.require(METRIC);
        if (nouns.ofId(idOrName).isPresent()) {
            return entity(work, noun, idOrName, arguments);
        }
        var filter = JsonNodeFactory.instance.objectNode().put("name", idOrName);
        return work
                .find(
                        work.queries()
                                .find(noun, filter, JsonNodeFactory.instance.objectNode())
                                .limit(1))
                .stream()
                .findFirst()
                .map(entity -> Hits.of(entity).put("text", Brief.of(entity)))
                .orElseThrow(() -> UnitOfWork.unknownId(noun, idOrName));
    }

    private static ObjectNode history(UnitOfWork work, String id) {
        var history = work.history(id);
        if (history.isEmpty()) {
            throw new Refused(
                            Reason.UNKNOWN_ID,
                            "Nothing was ever done to an object with the id %s."
                                    .formatted(assay.domain.Quoted.of(id)),
                            "Find the id with search.")
                    .field("id");
        }
        var json = JsonNodeFactory.instance.objectNode().put("$type", "History").put("id", id);
        return json.set("history", history);
    }

    private ObjectNode schema(Optional<String> name) {
        var signatures = Functions.signatures();
        if (name.isEmpty()) {
            return Schema.all(nouns).put("typescript", Schema.typescript(nouns, signatures));
        }
        var noun = nouns.require(name.get());
        return Schema.json(nouns, noun)
                .put("typescript", Schema.typescript(nouns, noun, signatures));
    }

    private static Refused missingId() {
        return new Refused(
                        Reason.MISSING_FIELD,
                        "fetch needs an id.",
                        "Send {\"id\": …}; search finds ids, and {\"type\": \"Schema\"} needs none.")
                .field("id");
    }
}
