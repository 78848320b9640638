package assay.tools;

import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/// What `$` holds: for the sandbox that builds it, and for the declaration that scripts are written
/// against.
final class Functions {
    static final List<String> READERS = List.of("get", "find", "findOne", "count", "history");
    private static final List<String> OF_DOLLAR = List.of("search", "fetch", "history", "status");
    private static final List<String> OF_EXPERIMENT = List.of("assign", "record", "results");

    private Functions() {}

    /// `$` as [assay.scripting.Script] wants it told.
    static String api(Nouns nouns) {
        var api = JsonNodeFactory.instance.objectNode();
        for (var noun : nouns.all()) {
            var members = api.putArray(noun.name());
            READERS.forEach(members::add);
            for (var verb : List.of("create", "update", "delete")) {
                members.add(noun.disabled().contains(verb) ? verb + ":null" : verb);
            }
            if (!noun.disabled().contains("create")) {
                members.add("createMany");
            }
            if (!noun.disabled().contains("update")) {
                members.add("updateMany").add("rollback");
            }
            noun.verbs().keySet().forEach(members::add);
            ofNoun(noun).forEach(members::add);
        }
        var dollar = api.putArray("");
        OF_DOLLAR.forEach(dollar::add);
        return api.toString();
    }

    /// The engine's functions of a noun, which are no verbs.
    static List<String> ofNoun(Noun noun) {
        return noun.name().equals("Experiment") ? OF_EXPERIMENT : List.of();
    }

    /// Lines of the declaration for functions that are no verbs of a noun.
    static Map<String, List<String>> signatures() {
        return Map.of(
                "Experiment",
                List.of(
                        "/** Gives a subject its variant and records the exposure; an array in gives an array out in the same order. */",
                        "assign(id: Id, subject: string, options?: { expose?: boolean }): Promise<Assignment>",
                        "assign(id: Id, subjects: string[], options?: { expose?: boolean }): Promise<Assignment[]>",
                        "/** Records what exposed subjects did, at most 10,000 a call; value defaults to 1. */",
                        "record(id: Id, outcome: Outcome | Outcome[]): Promise<{ recorded: number; duplicates: number }>",
                        "/** A look: always valid however often you look, and logged. */",
                        "results(id: Id): Promise<Results>"),
                "",
                List.of(
                        "search(request: Json): Promise<{ results: Json[]; total: number; hasMore: boolean; cursor?: string }>",
                        "fetch(request: Json): Promise<Json>",
                        "history(id: Id): Promise<Json[]>",
                        "status(): Promise<Json>"));
    }
}
