package assay.domain.experiment;

import assay.domain.Change;
import assay.domain.noun.Noun;
import assay.domain.store.Events;
import assay.domain.store.Leases;
import assay.domain.store.Notes;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One unit of work as the parts of the engine see it: whose it is, when it happens, and where what
/// it does is kept.
///
/// @param experiments the noun
/// @param newId makes an id that begins with the given prefix
/// @param changes hears of everything that is changed
/// @param looks where looks are noted
/// @param warnings where the caller is warned
/// @param notes where certificates are kept
/// @param judges what is known of a judge, by its id
/// @param leases what leased experiments have used up
record Scope(
        Noun experiments,
        Objects objects,
        Events events,
        String actor,
        Instant now,
        Function<String, String> newId,
        Consumer<Change> changes,
        LookBook looks,
        Warnings warnings,
        Notes notes,
        Function<String, Optional<JudgeReport>> judges,
        Leases leases) {
    /// One log row and one entry in the changes for all that a call appended.
    void logAppended(StoredObject experiment, String verb, String event, String what, long count) {
        log(experiment, verb, event, JsonNodeFactory.instance.objectNode().put(what, count));
    }

    /// One log row and one entry in the changes for what a call did elsewhere.
    void log(StoredObject experiment, String verb, String event, ObjectNode detail) {
        objects.log(
                experiment,
                new Objects.Entry(verb, event, actor, Optional.empty()),
                now.toEpochMilli(),
                detail);
        changes.accept(
                new Change(
                        verb,
                        experiment.type(),
                        experiment.id(),
                        JsonNodeFactory.instance.objectNode(),
                        detail.deepCopy()));
    }
}
