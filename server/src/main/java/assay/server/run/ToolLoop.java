package assay.server.run;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.tools.Reply.Not;
import assay.tools.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The loop of an experiment, driven by scripts as an agent would.
final class ToolLoop implements Loop {
    private static final String ABOUT =
            """
            const e = await $.Experiment.get(params.id)
            if (!e) return await $.Experiment.results(params.id)
            return { id: e.$id, dataset: e.dataset, judge: e.judge ? (await $.Judge.get(e.judge))?.kind : undefined }
            """;
    private static final String LEASE =
            """
            const { id, call, n, worker, ttl } = params
            return await $.Experiment[call](id, { n, worker, ttl })
            """;
    private static final String RECORD =
            "return await $.Experiment.record(params.lease, params.outcome)";

    private final Tools tools;
    private final Caller caller;
    private final String worker;
    private final String id;
    private final boolean hasModelAsJudge;

    /// @param idOrSlug of the experiment
    /// @param worker what the leases are known by
    /// @throws Refused if it is not one that can be run like this
    ToolLoop(Tools tools, Caller caller, String idOrSlug, String worker) {
        this.tools = tools;
        this.caller = caller;
        this.worker = worker;
        var params = JsonNodeFactory.instance.objectNode().put("id", idOrSlug);
        var about = script(ABOUT, params);
        this.id = about.path("id").asString("");
        if (!about.hasNonNull("dataset")) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "Experiment '%s' has no dataset, so there is nothing to run it on."
                            .formatted(id),
                    "Run one that names dataset, judge and prompts; in this one your code calls assign and record.");
        }
        if (!about.hasNonNull("judge")) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "Experiment '%s' names no judge, and a runner cannot tell how good an output is."
                            .formatted(id),
                    "Name a judge before the start, or run it by a script of yours that sends the score.");
        }
        this.hasModelAsJudge = about.path("judge").asString("").endsWith("model");
    }

    String id() {
        return id;
    }

    /// True when outputs wait for a model to judge them.
    boolean hasModelAsJudge() {
        return hasModelAsJudge;
    }

    /// Where the experiment stands.
    String brief() {
        var request = JsonNodeFactory.instance.objectNode().put("id", id);
        request.putArray("fields").add("brief");
        return call("fetch", request).path("brief").asString("");
    }

    @Override
    public Batch lease(Unit.Purpose purpose, int n, Duration ttl) {
        var isRun = purpose == Unit.Purpose.RUN;
        var got =
                script(
                        LEASE,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("id", id)
                                .put("call", isRun ? "next" : "judge")
                                .put("n", n)
                                .put("worker", worker)
                                .put("ttl", ttl.toSeconds() + "s"));
        var units = new ArrayList<Unit>();
        for (var unit : got.path("units")) {
            units.add(
                    new Unit(
                            unit.path("lease").asString(""),
                            purpose,
                            Optional.ofNullable(unit.path("model").stringValue(null)),
                            unit.path("messages"),
                            unit.path("parameters") instanceof ObjectNode given
                                    ? given
                                    : JsonNodeFactory.instance.objectNode()));
        }
        return new Batch(
                units,
                got.path("left").asLong(0),
                got.path("held").asLong(0),
                got.path("why").asString(""));
    }

    @Override
    public String record(String lease, ObjectNode outcome) {
        var params = JsonNodeFactory.instance.objectNode().put("lease", lease);
        return script(RECORD, params.set("outcome", outcome.put("worker", worker)))
                .path("unit")
                .asString("");
    }

    private JsonNode script(String script, ObjectNode params) {
        var request = JsonNodeFactory.instance.objectNode().put("script", script);
        return call("do", request.set("params", params)).path("result");
    }

    private ObjectNode call(String tool, ObjectNode arguments) {
        var reply =
                ScopedValue.where(Caller.CURRENT, caller).call(() -> tools.call(tool, arguments));
        if (reply instanceof Not) {
            var error = reply.value().path("error");
            var refusal =
                    new Refused(
                            Reason.valueOf(
                                    error.path("reason")
                                            .asString("internal")
                                            .toUpperCase(Locale.ROOT)),
                            error.path("message").asString(""),
                            error.path("repair").asString(""));
            throw error.path("field").isString()
                    ? refusal.field(error.path("field").stringValue())
                    : refusal;
        }
        return reply.value();
    }
}
