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
    ///
    /// @param covers whether an address is one of these
    /// @param listing those of them that the list of resources shows
    /// @param completion what may stand for a variable of the pattern
    public record Template(
            ObjectNode definition,
            Predicate<String> covers,
            Handler handler,
            Listing listing,
            Completion completion) {
        /// Resources that no list shows, and whose variables nothing is known about.
        public Template(ObjectNode definition, Predicate<String> covers, Handler handler) {
            this(definition, covers, handler, Listing.NONE, Completion.NONE);
        }
    }

    /// A message a user can start from.
    ///
    /// @param completion what may stand for an argument
    public record Prompt(ObjectNode definition, Handler handler, Completion completion) {
        /// A message whose arguments are free text.
        public Prompt(ObjectNode definition, Handler handler) {
            this(definition, handler, Completion.NONE);
        }
    }

    /// Definitions of what there is at the moment.
    @FunctionalInterface
    public interface Listing {
        Listing NONE = _ -> List.of();

        List<ObjectNode> of(Call call);
    }

    /// Proposes what a user may be typing.
    @FunctionalInterface
    public interface Completion {
        Completion NONE = (_, _, _) -> Proposals.NONE;

        /// What the client may show while its user types.
        ///
        /// @param argument the name of an argument of the prompt, or of a variable of the template
        /// @param typed what the user has typed so far, which may be nothing
        Proposals of(Call call, String argument, String typed);
    }

    /// What may be meant, the likeliest first.
    ///
    /// @param total of how many these are the first, at least
    public record Proposals(List<String> values, long total) {
        /// How many a client takes at once.
        public static final int MOST = 100;

        static final Proposals NONE = new Proposals(List.of(), 0);

        public Proposals {
            values = List.copyOf(values.subList(0, Math.min(MOST, values.size())));
        }

        /// All that may be meant.
        static Proposals all(List<String> values) {
            return new Proposals(values, values.size());
        }
    }

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

    boolean hasCompletions() {
        return !prompts.isEmpty() || !templates.isEmpty();
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
        }
        if (hasCompletions()) {
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
