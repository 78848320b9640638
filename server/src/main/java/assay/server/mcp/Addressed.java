package assay.server.mcp;

import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.server.mcp.Catalog.Template;
import assay.tools.Tools;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// What can be read by its address: experiments, their results as a page, and the types. Each is
/// what a tool answers, on behalf of the same caller and under the same rules.
final class Addressed {
    /// How many experiments the list of resources shows.
    private static final int LISTED = 50;

    private static final Pattern EXPERIMENT = Pattern.compile("experiment://([^/?#]+)");
    private static final Pattern RESULTS = Pattern.compile("experiment://([^/?#]+)/results\\.md");
    private static final Pattern SCHEMA = Pattern.compile("schema://([^/?#]+)");

    private static final String JSON = "application/json";
    private static final String MARKDOWN = "text/markdown";

    private final Tools tools;
    private final Known known;

    Addressed(Tools tools, Known known) {
        this.tools = tools;
        this.known = known;
    }

    /// Nothing for a surface without types.
    List<Template> templates() {
        var templates = new ArrayList<Template>();
        if (known.nouns().contains("Experiment")) {
            templates.add(
                    new Template(
                            definition(
                                    "experiment://{id}",
                                    "experiment",
                                    "An experiment",
                                    "One experiment whole, with a brief of where it stands and what to call next. Takes an id or a slug.",
                                    JSON),
                            uri -> EXPERIMENT.matcher(uri).matches(),
                            call -> read(call, EXPERIMENT, JSON, this::experiment),
                            this::newest,
                            known.of("Experiment")));
            templates.add(
                    new Template(
                            definition(
                                    "experiment://{id}/results.md",
                                    "results",
                                    "Results of an experiment",
                                    "The results of this moment as a page. Reading it is a look, and is logged as one.",
                                    MARKDOWN),
                            uri -> RESULTS.matcher(uri).matches(),
                            call -> read(call, RESULTS, MARKDOWN, this::results),
                            Catalog.Listing.NONE,
                            known.of("Experiment")));
        }
        if (!known.nouns().isEmpty()) {
            templates.add(
                    new Template(
                            definition(
                                    "schema://{noun}",
                                    "schema",
                                    "A type",
                                    "The fields and verbs of one type, also as TypeScript.",
                                    JSON),
                            uri -> SCHEMA.matcher(uri).matches(),
                            call -> read(call, SCHEMA, JSON, this::schema),
                            Catalog.Listing.NONE,
                            known.types()));
        }
        return templates;
    }

    private static ObjectNode definition(
            String template, String name, String title, String description, String mimeType) {
        return Json.object()
                .put("uriTemplate", template)
                .put("name", name)
                .put("title", title)
                .put("description", description)
                .put("mimeType", mimeType);
    }

    /// The experiments that were made last.
    private List<ObjectNode> newest(Call call) {
        var request = Json.object().put("type", "Experiment").put("limit", LISTED);
        request.putArray("fields").add("name").add("status");
        var listed = new ArrayList<ObjectNode>();
        for (var hit : ToolCatalog.call(tools, call, "search", request).path("results")) {
            var id = hit.path("$id").asString("");
            listed.add(
                    Json.object()
                            .put("uri", "experiment://" + id)
                            .put("name", id)
                            .put("title", Quoted.of(hit.path("name")))
                            .put("description", "Experiment, " + hit.path("status").asString(""))
                            .put("mimeType", JSON));
        }
        return listed;
    }

    /// The text of a resource.
    @FunctionalInterface
    private interface Text {
        String of(Call call, String name);
    }

    private static ObjectNode read(Call call, Pattern address, String mimeType, Text text) {
        var uri = call.text("uri");
        var parts = address.matcher(uri);
        if (!parts.matches()) {
            throw Refusal.unknownResource(call.era(), uri);
        }
        var result = Json.object();
        result.putArray("contents")
                .addObject()
                .put("uri", uri)
                .put("mimeType", mimeType)
                .put("text", text.of(call, decoded(call, uri, parts.group(1))));
        return result;
    }

    /// Clients escape what a template's variable stands for; a plus sign is one.
    private static String decoded(Call call, String uri, String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw Refusal.unknownResource(call.era(), uri);
        }
    }

    private String experiment(Call call, String id) {
        return JsonTree.text(
                ToolCatalog.call(
                        tools,
                        call,
                        "fetch",
                        Json.object().put("type", "Experiment").put("id", id)));
    }

    /// A look like any other: the tool logs it before its answer leaves.
    private String results(Call call, String id) {
        var request =
                Json.object()
                        .put(
                                "script",
                                "return await $.Experiment.results(params.id, { format: 'markdown' })");
        request.putObject("params").put("id", id);
        return ToolCatalog.call(tools, call, "do", request).path("result").asString("");
    }

    private String schema(Call call, String noun) {
        // Some clients write the first part of an address in small letters.
        var name = known.nouns().stream().filter(noun::equalsIgnoreCase).findFirst().orElse(noun);
        return JsonTree.text(
                ToolCatalog.call(
                        tools, call, "fetch", Json.object().put("type", "Schema").put("id", name)));
    }
}
