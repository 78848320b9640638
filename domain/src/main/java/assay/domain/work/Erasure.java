package assay.domain.work;

import assay.domain.Change;
import assay.domain.Fingerprint;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Erases subjects.
final class Erasure {
    private static final String TYPE = "Subject";

    private final Ground ground;

    Erasure(Ground ground) {
        this.ground = ground;
    }

    /// See [UnitOfWork#forget].
    ObjectNode of(JsonNode subject) {
        ground.objects().prepareToWrite();
        var name = ground.experiments().subject(subject);
        var fingerprint = Fingerprint.of(name);
        var answer = JsonNodeFactory.instance.objectNode().put("subject", fingerprint);
        ground.transaction().overwriting(() -> forget(name, answer));
        var now = ground.now().toEpochMilli();
        var nothing = JsonNodeFactory.instance.objectNode();
        var actor = ground.caller().actor();
        ground.objects()
                .log(
                        new StoredObject(
                                "subject_" + fingerprint, TYPE, 1, now, actor, now, nothing),
                        new Objects.Entry("forget", "Forgotten", actor, Optional.empty()),
                        now,
                        answer);
        ground.changes()
                .add(
                        new Change(
                                "forget",
                                TYPE,
                                "subject_" + fingerprint,
                                nothing,
                                answer.deepCopy()));
        return answer;
    }

    private void forget(String name, ObjectNode answer) {
        var forgotten = ground.experiments().forget(name);
        var runs = ground.runs().forget(name);
        for (var lease : forgotten.leases()) {
            // A script that records a lease holds the output, and names nothing else.
            runs += ground.runs().forget(lease);
        }
        answer.put("events", forgotten.events()).put("runs", runs);
    }
}
