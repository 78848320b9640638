package assay.domain.loop;

import assay.domain.experiment.Experiments;
import assay.domain.experiment.LookBook;
import assay.domain.noun.Json;
import assay.domain.noun.Noun;
import assay.domain.prompt.Code;
import assay.domain.prompt.Scope;
import assay.domain.store.Events;
import assay.domain.store.Leases;
import assay.domain.store.StoredObject;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// What the parts of the loop work with, within one unit of work.
///
/// @param noun that of experiments
/// @param engine of experiments
/// @param looks hears of events that are appended
/// @param newId makes an id that begins with the given prefix
/// @param code runs scripted judges
public record Desk(
        Noun noun,
        Scope scope,
        Experiments engine,
        Events events,
        Leases leases,
        LookBook looks,
        Function<String, String> newId,
        Code code) {
    /// Milliseconds since 1970.
    long now() {
        return scope.now().toEpochMilli();
    }

    /// One log row and one entry in the changes for all that a call leased or recorded.
    void log(StoredObject experiment, String verb, String event, String what, int count) {
        // The document did not change, and would be kept anew with each of many rows.
        var bare =
                new StoredObject(
                        experiment.id(),
                        experiment.type(),
                        experiment.version(),
                        experiment.createdAt(),
                        experiment.createdBy(),
                        experiment.updatedAt(),
                        Json.object());
        scope.log(bare, verb, event, count(what, count));
    }

    private static ObjectNode count(String what, int count) {
        return Json.object().put(what, count);
    }
}
