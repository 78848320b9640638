package assay.domain.work;

import assay.domain.Change;
import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.domain.query.Times;
import assay.domain.store.Action;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What was done to an object, and the states it went through.
final class Past {
    private final Objects objects;
    private final Instant now;

    /// @param now what relative times are relative to
    Past(Objects objects, Instant now) {
        this.objects = objects;
        this.now = now;
    }

    /// See [UnitOfWork#history].
    ArrayNode history(String id) {
        var all = JsonNodeFactory.instance.arrayNode();
        var before = JsonNodeFactory.instance.objectNode();
        for (var action : objects.history(id)) {
            var json =
                    all.addObject()
                            .put("version", action.version())
                            .put("verb", action.verb())
                            .put("event", action.type() + "." + action.event())
                            .put("actor", action.actor())
                            .put("at", IsoTime.text(action.at()));
            action.reason().ifPresent(reason -> json.put("reason", reason));
            var after = action.detail().isPresent() ? before : action.document();
            var change = Change.between(action.verb(), action.type(), id, before, after);
            var fields = json.putObject("changes");
            change.after()
                    .properties()
                    .forEach(field -> {
                        var one = fields.putObject(field.getKey());
                        one.set("before", change.before().path(field.getKey()));
                        one.set("after", field.getValue());
                    });
            action.detail().ifPresent(detail -> json.set("detail", detail));
            action.run().ifPresent(run -> json.put("run", run));
            before = after;
        }
        return all;
    }

    /// An object's newest state and an older one.
    ///
    /// @param isDeleted true when the newest state is that of a deleted object
    record Return(StoredObject newest, boolean isDeleted, Action target) {}

    /// What a rollback leads from and to.
    ///
    /// @param to a version number, `{version}` or `{asOf}`
    Return rollback(Noun noun, String id, JsonNode to) {
        var states =
                objects.history(id).stream().filter(action -> action.detail().isEmpty()).toList();
        if (states.isEmpty() || !states.getFirst().type().equals(noun.name())) {
            throw Lookup.unknown(noun, id);
        }
        var first = states.getFirst();
        var last = states.getLast();
        var newest =
                new StoredObject(
                        id,
                        noun.name(),
                        last.version(),
                        first.at(),
                        first.actor(),
                        last.at(),
                        last.document());
        return new Return(newest, isDelete(last), target(id, states, to));
    }

    private Action target(String id, List<Action> states, JsonNode to) {
        var isMeant = meant(to);
        return states.stream()
                .filter(isMeant)
                .reduce((_, later) -> later)
                .filter(action -> !isDelete(action))
                .orElseThrow(() ->
                        new Refused(
                                        Reason.INVALID_VALUE,
                                        "%s has no state %s to go back to."
                                                .formatted(Quoted.of(id), Quoted.of(to)),
                                        "Name a version from 1 to %d that is no deletion, or {asOf: time}; history(id)"
                                                        .formatted(states.getLast().version())
                                                + " lists them.")
                                .field("version"));
    }

    private Predicate<Action> meant(JsonNode to) {
        if (!to.has("asOf")) {
            var version = (to.isObject() ? to.path("version") : to).asInt(-1);
            return action -> action.version() == version;
        }
        var time =
                Times.read(to.path("asOf").asString(""), now)
                        .orElseThrow(() ->
                                new Refused(
                                                Reason.INVALID_VALUE,
                                                "%s is not a time."
                                                        .formatted(Quoted.of(to.path("asOf"))),
                                                "Write asOf as ISO 8601 with zone, such as 2026-11-20T10:00:00Z.")
                                        .field("asOf"));
        return action -> action.at() <= time.toEpochMilli();
    }

    private static boolean isDelete(Action action) {
        return action.verb().equals(Action.DELETE);
    }
}
