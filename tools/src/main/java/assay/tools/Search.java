package assay.tools;

import assay.domain.noun.Base;
import assay.domain.noun.Field;
import assay.domain.noun.Nouns;
import assay.domain.query.Cursor;
import assay.domain.query.QueryParser;
import assay.domain.store.DataFolder;
import assay.domain.work.Page;
import assay.domain.work.UnitOfWork;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Finds objects by condition, by words, or both.
public final class Search implements Tool {
    private static final List<String> ARGUMENTS =
            List.of(
                    "query",
                    "type",
                    "filter",
                    "sort",
                    "limit",
                    "offset",
                    "cursor",
                    "include",
                    "fields",
                    "asOf",
                    "countOnly");

    /// With no others than these, every type is searched.
    private static final Set<String> EVERYWHERE =
            Set.of("query", "limit", "offset", "cursor", "countOnly");

    private static final String USUAL_TYPE = "Experiment";

    private final ObjectNode definition = Definition.of("search");
    private final Nouns nouns;
    private final Reading reading;

    public Search(DataFolder folder, InstantSource clock) {
        this.nouns = folder.nouns();
        this.reading = new Reading(folder, clock);
    }

    @Override
    public String name() {
        return "search";
    }

    @Override
    public ObjectNode definition() {
        return definition;
    }

    @Override
    public ObjectNode call(ObjectNode json) {
        return reading.of(work -> fitting(work, json));
    }

    /// The page, shortened to what a reply holds.
    private ObjectNode fitting(UnitOfWork work, ObjectNode json) {
        var page = answer(work, new Arguments(json));
        var cut = Cut.toFit(page);
        var wanted = page.path("results").size();
        var shown = cut.path("results").size();
        if (shown == 0 || shown == wanted) {
            return cut;
        }
        // Asked again with what fits, the page ends where its cursor goes on.
        var shorter = answer(work, new Arguments(json.deepCopy().put("limit", shown)));
        var fitting = Cut.toFit(shorter);
        if (!fitting.has("truncated")) {
            Cut.account(
                    fitting,
                    List.of(Cut.part("results", shown, wanted)),
                    "Send the same search with this cursor for the rest, or name the fields you need.");
        }
        return fitting;
    }

    /// The same for a script's `$.search`, within its own unit of work.
    ObjectNode answer(UnitOfWork work, Arguments arguments) {
        arguments.requireOnly(ARGUMENTS);
        var words = arguments.text("query");
        if (words.isPresent() && EVERYWHERE.containsAll(arguments.names())) {
            return everywhere(work, words.get(), arguments);
        }
        var noun = nouns.require(arguments.text("type").orElse(USUAL_TYPE));
        var told = Told.of(noun, arguments, Told.OUTCOME);
        var request = told.request();
        words.ifPresent(text -> request.set("filter", both(arguments.object("filter"), text)));
        var query = work.queries().search(noun, request);
        if (arguments.flag("countOnly")) {
            return JsonNodeFactory.instance.objectNode().put("total", work.count(query));
        }
        var page = work.page(query, QueryParser.question(noun, request.path("filter"), request));
        return json(work, page, page.cursor(), told.isWanted(), request.has("fields"));
    }

    /// Words that may stand in any type. Its pages are counted by offset, so that is what a cursor
    /// holds.
    private ObjectNode everywhere(UnitOfWork work, String words, Arguments arguments) {
        var question = Cursor.question(JsonNodeFactory.instance.stringNode(words));
        var request = arguments.json().deepCopy();
        request.remove("cursor");
        arguments
                .text("cursor")
                .map(cursor -> Cursor.read(cursor, question))
                .ifPresent(cursor -> request.set("offset", cursor.values().path(0)));
        var window = work.queries().search(nouns.require(USUAL_TYPE), request);
        var page = work.search(words, window);
        if (arguments.flag("countOnly")) {
            return JsonNodeFactory.instance.objectNode().put("total", page.total());
        }
        var end = window.offset() + page.results().size();
        var next = new Cursor(question, JsonNodeFactory.instance.arrayNode().add(end));
        return json(
                work,
                page,
                page.hasMore() ? Optional.of(next.text()) : Optional.empty(),
                true,
                false);
    }

    private static JsonNode both(ObjectNode filter, String words) {
        var both = JsonNodeFactory.instance.objectNode();
        both.putArray("$and").add(filter).addObject().put("$text", words);
        return both;
    }

    /// @param withOutcome true when experiments tell what they have come to
    /// @param isChosen true when the caller named the fields it wants
    private ObjectNode json(
            UnitOfWork work,
            Page page,
            Optional<String> cursor,
            boolean withOutcome,
            boolean isChosen) {
        var json = JsonNodeFactory.instance.objectNode();
        var results = json.putArray("results");
        for (var entity : page.results()) {
            if (withOutcome && entity.path("$type").asString("").equals(Told.EXPERIMENT)) {
                var id = entity.path("$id").stringValue();
                work.outcome(id, isChosen ? work.experiment(id).document() : entity)
                        .ifPresent(outcome -> entity.set(Told.OUTCOME, outcome));
            }
            results.add(Hits.of(isChosen ? entity : withoutCode(entity), work.context()));
        }
        json.put("total", page.total()).put("hasMore", page.hasMore());
        cursor.ifPresent(text -> json.put("cursor", text));
        return json;
    }

    /// Programs are long; whoever wants one fetches its object.
    private ObjectNode withoutCode(ObjectNode entity) {
        for (var field : nouns.require(entity.path("$type").stringValue()).fields().values()) {
            if (field instanceof Field.Plain plain && plain.base() == Base.CODE) {
                entity.remove(field.name());
            }
        }
        return entity;
    }
}
