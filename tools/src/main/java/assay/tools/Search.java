package assay.tools;

import assay.domain.noun.Nouns;
import assay.domain.query.QueryParser;
import assay.domain.store.DataFolder;
import assay.domain.work.Page;
import assay.domain.work.UnitOfWork;
import java.time.InstantSource;
import java.util.List;
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
        var arguments = new Arguments(json);
        arguments.requireOnly(ARGUMENTS);
        return Cut.toFit(reading.of(work -> answer(work, arguments)));
    }

    /// The same for a script's `$.search`, within its own unit of work.
    ObjectNode answer(UnitOfWork work, Arguments arguments) {
        var type = arguments.text("type");
        var words = arguments.text("query");
        if (type.isEmpty() && words.isPresent() && arguments.object("filter").isEmpty()) {
            return page(
                    work.search(
                            words.get(),
                            work.queries().search(nouns.require(USUAL_TYPE), plain(arguments))));
        }
        var noun = nouns.require(type.orElse(USUAL_TYPE));
        var request = arguments.json().deepCopy();
        words.ifPresent(text -> request.set("filter", both(arguments.object("filter"), text)));
        var query = work.queries().search(noun, request);
        return arguments.flag("countOnly")
                ? JsonNodeFactory.instance.objectNode().put("total", work.count(query))
                : page(
                        work.page(
                                query,
                                QueryParser.question(noun, request.path("filter"), request)));
    }

    /// What of the request still has a meaning when no noun is named.
    private static ObjectNode plain(Arguments arguments) {
        var plain = JsonNodeFactory.instance.objectNode();
        for (var name : List.of("limit", "offset")) {
            if (arguments.json().has(name)) {
                plain.set(name, arguments.json().get(name));
            }
        }
        return plain;
    }

    private static JsonNode both(ObjectNode filter, String words) {
        var both = JsonNodeFactory.instance.objectNode();
        both.putArray("$and").add(filter).addObject().put("$text", words);
        return both;
    }

    private static ObjectNode page(Page page) {
        var json = JsonNodeFactory.instance.objectNode();
        var results = json.putArray("results");
        page.results().forEach(entity -> results.add(Hits.of(entity)));
        json.put("total", page.total()).put("hasMore", page.hasMore());
        page.cursor().ifPresent(cursor -> json.put("cursor", cursor));
        return json;
    }
}
