package assay.server.mcp;

import assay.server.mcp.Catalog.Completion;
import assay.server.mcp.Catalog.Proposals;
import assay.tools.Tools;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What completions are proposed from: the objects that the tool `search` finds for the caller, and
/// the types.
///
/// @param nouns the names of the types
record Known(Tools tools, List<String> nouns) {
    /// By what the objects of a type are addressed, the handiest first.
    private static final Map<String, List<String>> ADDRESSES =
            Map.of(
                    "Experiment", List.of("slug", "$id"),
                    "Prompt", List.of("family", "key", "$id"),
                    "Dataset", List.of("slug", "$id"));

    /// A query takes a pattern of so many characters.
    private static final int LONGEST = 100;

    private static final Pattern SPECIAL = Pattern.compile("[^\\p{Alnum}_ -]");

    /// Proposes objects of a type whose address begins with what was typed, or whose name has it.
    Completion of(String noun) {
        return nouns.contains(noun)
                ? (call, _, typed) -> objects(call, noun, typed.strip())
                : Completion.NONE;
    }

    /// Proposes types.
    Completion types() {
        return (_, _, typed) ->
                Proposals.all(nouns.stream().filter(noun -> begins(noun, typed.strip())).toList());
    }

    private Proposals objects(Call call, String noun, String typed) {
        if (typed.length() > LONGEST) {
            return Proposals.NONE;
        }
        var addresses = ADDRESSES.getOrDefault(noun, List.of("$id"));
        var request = Json.object().put("type", noun).put("limit", Proposals.MOST);
        var fields = request.putArray("fields").add("name");
        addresses.forEach(fields::add);
        if (!typed.isEmpty()) {
            request.set("filter", filter(addresses, typed));
        }
        var page = ToolCatalog.call(tools, call, "search", request);
        var values = new LinkedHashSet<String>();
        for (var hit : page.path("results")) {
            address(hit, addresses, typed).ifPresent(values::add);
        }
        var total = page.path("hasMore").asBoolean(false) ? page.path("total").asLong() : 0;
        return new Proposals(List.copyOf(values), Math.max(total, values.size()));
    }

    private static ObjectNode filter(List<String> addresses, String typed) {
        var pattern = SPECIAL.matcher(typed).replaceAll("\\\\$0");
        var filter = Json.object();
        var either = filter.putArray("$or");
        for (var address : addresses) {
            matching(either.addObject(), address, "^" + pattern);
        }
        matching(either.addObject(), "name", pattern);
        return filter;
    }

    private static void matching(ObjectNode condition, String field, String pattern) {
        condition.putObject(field).put("$regex", pattern).put("$options", "i");
    }

    /// What to propose for an object: the address that was begun, else the handiest.
    private static Optional<String> address(JsonNode hit, List<String> addresses, String typed) {
        var all =
                addresses.stream()
                        .map(address -> hit.path(address).asString(""))
                        .filter(address -> !address.isEmpty())
                        .toList();
        return all.stream()
                .filter(address -> begins(address, typed))
                .findFirst()
                .or(() -> all.stream().findFirst());
    }

    private static boolean begins(String text, String start) {
        return text.toLowerCase(Locale.ROOT).startsWith(start.toLowerCase(Locale.ROOT));
    }
}
