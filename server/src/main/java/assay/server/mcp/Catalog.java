package assay.server.mcp;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// What a server offers. Definitions are the JSON that clients see, in the order in which they see
/// them; nobody changes them.
///
/// @param server `{name, title, version}`
/// @param instructions what an agent should know before its first call
/// @param tools by name
/// @param resources by address
/// @param prompts by name
public record Catalog(
        ObjectNode server,
        String instructions,
        SequencedMap<String, Tool> tools,
        SequencedMap<String, Resource> resources,
        List<Template> templates,
        SequencedMap<String, Prompt> prompts,
        Set<Feature> features) {

    /// What a server may do beyond answering lists and calls. A capability that is not declared has
    /// no methods.
    public enum Feature {
        /// It sends log messages.
        LOGGING,
        /// It tells when a list has changed.
        LIST_CHANGES,
        /// It tells when a resource has changed.
        RESOURCE_CHANGES
    }

    /// Something an agent can call.
    public record Tool(ObjectNode definition, Handler handler) {}

    /// Something an agent can read.
    public record Resource(ObjectNode definition, Handler handler) {}

    /// Resources whose addresses follow a pattern.
    public record Template(ObjectNode definition, Predicate<String> covers, Handler handler) {}

    /// A message a user can start from.
    public record Prompt(ObjectNode definition, Handler handler) {}

    /// Does one thing and returns the `result` of the reply, which the dispatcher does not change.
    @FunctionalInterface
    public interface Handler {
        ObjectNode handle(Call call) throws Exception;
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    boolean hasResources() {
        return !resources.isEmpty() || !templates.isEmpty();
    }

    /// The capabilities to declare, which decide the methods that exist.
    ObjectNode capabilities(Era era) {
        var all = Json.object();
        var lists = has(Feature.LIST_CHANGES);
        announce(all.putObject("tools"), "listChanged", lists);
        if (hasResources()) {
            announce(all.putObject("resources"), "subscribe", has(Feature.RESOURCE_CHANGES));
            announce((ObjectNode) all.path("resources"), "listChanged", lists);
        }
        if (!prompts.isEmpty()) {
            announce(all.putObject("prompts"), "listChanged", lists);
            all.putObject("completions");
        }
        if (era == Era.HANDSHAKE && has(Feature.LOGGING)) {
            all.putObject("logging");
        }
        return all;
    }

    private static void announce(ObjectNode capability, String what, boolean declared) {
        if (declared) {
            capability.put(what, true);
        }
    }

    /// The entry called `name`.
    ///
    /// @throws Refusal listing the names if there is none
    static <T> T find(String kind, Map<String, T> all, String name) {
        var found = all.get(name);
        if (found == null) {
            throw Refusal.invalidParams(
                    "There is no "
                            + kind
                            + " '"
                            + name
                            + "'. Use one of: "
                            + String.join(", ", all.keySet())
                            + ".");
        }
        return found;
    }
}
