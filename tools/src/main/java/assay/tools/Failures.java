package assay.tools;

import assay.domain.Change;
import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Nouns;
import assay.scripting.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How a script failed, told so that the next attempt succeeds.
final class Failures {
    private static final Pattern NOT_A_VERB = Pattern.compile("'\\w+' is not a verb of (\\w+)\\.");

    private Failures() {}

    /// `{error: {reason, message, repair, line, column, …}, logs, applied: []}`.
    ///
    /// @param order what was asked for
    /// @param nouns what `$` holds
    /// @param lost what the script changed before it failed, none of which was kept
    static ObjectNode of(Outcome outcome, Order order, Nouns nouns, List<Change> lost) {
        var error = error(outcome, nouns);
        var told =
                switch (order) {
                    case Order.Saved saved -> inRecipe(error, saved);
                    case Order.Sent sent -> Fixes.add(error, sent.source(), nouns);
                };
        told.remove("given");
        return reply(withoutLost(told, lost), outcome.logs());
    }

    /// The same for a call that ran no script.
    static ObjectNode of(Refused refused) {
        return reply(refused.toJson(), List.of());
    }

    private static ObjectNode reply(ObjectNode error, List<String> logs) {
        var reply = JsonNodeFactory.instance.objectNode();
        reply.set("error", error);
        logs.forEach(reply.putArray("logs")::add);
        reply.putArray("applied");
        return reply;
    }

    /// Says that the place is in a text which the caller did not send.
    private static ObjectNode inRecipe(ObjectNode error, Order.Saved saved) {
        error.put("recipe", saved.name());
        if (!error.has("line")) {
            return error;
        }
        var where =
                "Line and column are those of the recipe: send other params, or correct it with $.Recipe.update(%s, {source})."
                        .formatted(Quoted.of(saved.name()));
        var isOfTheText =
                List.of(Reason.SCRIPT_ERROR.wireName(), Reason.SYNTAX_ERROR.wireName())
                        .contains(error.path("reason").asString(""));
        return error.put(
                "repair", isOfTheText ? where : error.path("repair").asString("") + " " + where);
    }

    /// Code that names an object which the script itself made would fail: that object is gone.
    private static ObjectNode withoutLost(ObjectNode error, List<Change> lost) {
        var fix = error.path("fix").asString("");
        lost.stream()
                .filter(change -> change.action().equals("create") && fix.contains(change.id()))
                .findFirst()
                .ifPresent(change -> {
                    Fixes.remove(error);
                    error.put(
                            "repair",
                            "%s %s was created by this script and not kept: correct the script itself and send it whole."
                                    .formatted(
                                            error.path("repair").asString(""),
                                            Quoted.of(change.id())));
                });
        return error;
    }

    private static ObjectNode error(Outcome outcome, Nouns nouns) {
        return switch (outcome) {
            case Outcome.Returned _ -> throw new IllegalArgumentException("it did not fail");
            case Outcome.Threw threw ->
                    at(
                            threw.refusal()
                                    .map(json -> refusal(json, nouns))
                                    .orElseGet(() -> thrown(threw.message(), nouns)),
                            threw.at());
            case Outcome.Unreadable unreadable ->
                    at(
                            error(
                                    Reason.SYNTAX_ERROR,
                                    unreadable.message(),
                                    unreadable
                                            .repair()
                                            .orElse(
                                                    "Correct the script at that place and send it whole again; it is"
                                                            + " JavaScript (ES2023) in which await works everywhere.")),
                            unreadable.at());
            case Outcome.OverLimit over ->
                    error(Reason.LIMIT_EXCEEDED, over.detail(), repair(over.limit()));
            case Outcome.Cancelled _ -> Reading.cancelled().toJson();
            case Outcome.Abandoned abandoned ->
                    error(
                            Reason.STORE_UNAVAILABLE,
                            "The script was ended: %s.".formatted(abandoned.why()),
                            "Send the same script again.");
        };
    }

    private static ObjectNode refusal(String json, Nouns nouns) {
        var error = (ObjectNode) JsonTree.read(json);
        var given = error.path("given").asString("");
        var isEngines = Hints.ofEngine(given);
        if (isEngines.isPresent()
                && error.path("message").asString("").contains(" is not a verb of Experiment.")) {
            error.remove("suggestion");
            return error.put("message", "'%s' is not a verb of Experiment.".formatted(given))
                    .put("repair", isEngines.get());
        }
        var noun = NOT_A_VERB.matcher(error.path("message").asString(""));
        if (!error.has("suggestion") && noun.matches()) {
            var name = noun.group(1);
            nouns.find(name)
                    .flatMap(it -> Hints.otherWord(given, Functions.members(it)))
                    .ifPresent(word ->
                            error.put("suggestion", word)
                                    .put(
                                            "repair",
                                            "Did you mean $.%s.%s? %s"
                                                    .formatted(
                                                            name,
                                                            word,
                                                            error.path("repair").asString(""))));
        }
        return error;
    }

    private static ObjectNode thrown(String message, Nouns nouns) {
        return error(
                Reason.SCRIPT_ERROR,
                message,
                Hints.of(message, nouns)
                        .orElse(
                                "Correct the script where it threw, or catch the error, and send it whole again: nothing of this"
                                        + " run was kept."));
    }

    private static String repair(Outcome.Limit limit) {
        return switch (limit) {
            case TIME, STATEMENTS ->
                    "Do less in one script: pass arrays to assign, record and createMany, and split the rest over several"
                            + " calls.";
            case MEMORY ->
                    "Hold less at once: page through objects with limit and offset instead of collecting them.";
            case STACK -> "Replace the recursion by a loop.";
            case HOST_CALLS ->
                    "Pass arrays to assign, record, createMany and updateMany instead of calling them in a loop.";
            case LOGS -> "Log less, or return what you need as the result.";
            case RESULT ->
                    "Return less: choose fields, aggregate in the script, or page with limit and offset.";
            case PENDING -> "Await only what $ returns; there are no timers and no network.";
        };
    }

    private static ObjectNode error(Reason reason, String message, String repair) {
        return new Refused(reason, message, repair).toJson();
    }

    private static ObjectNode at(ObjectNode error, Optional<Outcome.Position> position) {
        position.ifPresent(place ->
                error.put("line", place.line())
                        .put("column", place.column())
                        .put("source", place.text()));
        return error;
    }
}
