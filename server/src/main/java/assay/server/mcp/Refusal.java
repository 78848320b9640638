package assay.server.mcp;

import assay.domain.Reason;
import java.io.Serial;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// A request that is answered with a JSON-RPC error. Carries no stack trace: it is an answer, not
/// an accident.
public final class Refusal extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int code;
    private final transient @Nullable ObjectNode data;
    private transient JsonNode id = NullNode.getInstance();

    private Refusal(int code, String message, @Nullable ObjectNode data) {
        super(message, null, false, false);
        this.code = code;
        this.data = data;
    }

    /// The message could not be read.
    public static Refusal parse(String message) {
        return new Refusal(-32700, message, null);
    }

    /// The message is not what JSON-RPC, MCP or the state of the session allows here.
    public static Refusal invalidRequest(String message) {
        return new Refusal(-32600, message, null);
    }

    /// There is no such method, or its capability is not declared.
    public static Refusal unknownMethod(String method) {
        return new Refusal(-32601, "There is no method '" + method + "' here.", null);
    }

    /// The parameters of a known method are wrong.
    public static Refusal invalidParams(String message) {
        return new Refusal(-32602, message, null);
    }

    static Refusal unknownResource(Era era, String uri) {
        return unknownResource(era, uri, "");
    }

    /// @param repair where to find one that there is
    static Refusal unknownResource(Era era, String uri, String repair) {
        var code = era == Era.STATELESS ? -32602 : -32002;
        var message = "There is no resource '" + uri + "'. " + repair;
        return new Refusal(code, message.strip(), Json.object().put("uri", uri));
    }

    /// What a tool refused where no tool was called: its message with the repair, and as data its
    /// whole `error` record.
    static Refusal of(ObjectNode error) {
        var isOurs =
                List.of(Reason.INTERNAL.wireName(), Reason.STORE_UNAVAILABLE.wireName())
                        .contains(error.path("reason").asString(""));
        return new Refusal(
                isOurs ? -32603 : -32602,
                error.path("message").asString("") + " " + error.path("repair").asString(""),
                error);
    }

    /// Something of ours failed.
    public static Refusal internal() {
        return new Refusal(-32603, "Assay failed on its side; its log has the details.", null);
    }

    /// The server takes no more calls for now.
    public static Refusal busy(String message) {
        return new Refusal(-32000, message, Json.object().put("reason", "rate_limited"));
    }

    static Refusal overdue(Duration limit) {
        return new Refusal(
                -32001,
                "The call was stopped because it ran longer than "
                        + limit.toMillis()
                        + " ms, the limit of this server.",
                Json.object().put("reason", "limit_exceeded"));
    }

    /// A header of the stateless era does not repeat what the body says.
    public static Refusal headerMismatch(String message) {
        return new Refusal(-32020, message, null);
    }

    static Refusal missingCapability(String capability) {
        var data = Json.object();
        data.putObject("requiredCapabilities").putObject(capability);
        return new Refusal(-32021, "This needs the client capability '" + capability + "'.", data);
    }

    static Refusal unsupportedVersion(String requested) {
        var data = Json.object().put("requested", requested);
        var supported = data.putArray("supported");
        for (var version : Era.STATELESS.versions()) {
            supported.add(version);
        }
        return new Refusal(-32022, "Protocol version '" + requested + "' is not supported.", data);
    }

    /// Says which request is refused, if the id can name one.
    public Refusal about(@Nullable JsonNode id) {
        if (id != null && Message.isId(id)) {
            this.id = id;
        }
        return this;
    }

    /// The whole reply: `{jsonrpc, id, error: {code, message, data?}}`.
    public ObjectNode reply() {
        var error = Json.object().put("code", code).put("message", getMessage());
        if (data != null) {
            error.set("data", data);
        }
        return Message.message().set("id", id).set("error", error);
    }
}
