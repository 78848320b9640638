package assay.domain.work;

import assay.domain.IsoTime;
import assay.domain.JsonTree;
import assay.domain.store.Action;
import assay.domain.store.Runs;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A recorded run as callers see it.
final class Recorded {
    private Recorded() {}

    /// See [UnitOfWork#run].
    static ObjectNode json(Runs.Run run, List<Action> log) {
        var json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("$type", "Run")
                        .put("$id", run.id())
                        .put("at", IsoTime.text(run.at()))
                        .put("actor", run.actor())
                        .put("script", run.source());
        run.params().ifPresent(params -> json.set("params", JsonTree.read(params)));
        json.put("seed", Long.toHexString(run.seed()))
                .put("program", run.program())
                .put("result", run.result());
        run.answer().ifPresent(answer -> json.put("idempotencyKey", answer.key()));
        var actions = json.putArray("log");
        for (var action : log) {
            actions.addObject()
                    .put("type", action.type())
                    .put("id", action.object())
                    .put("verb", action.verb())
                    .put("version", action.version());
        }
        return json;
    }
}
