package assay.server.mcp;

import assay.server.mcp.Catalog.Feature;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every request of either era, from any transport: one table of methods, one way through it.
public final class Dispatcher {
    private final Catalog catalog;
    private final Changes changes;
    private final Limits limits;
    private final InFlight inFlight;

    /// @param changes tells what has changed in the catalog, if the catalog declares that it does
    public Dispatcher(Catalog catalog, Changes changes, Limits limits) {
        this.catalog = catalog;
        this.changes = changes;
        this.limits = limits;
        this.inFlight = new InFlight(limits);
    }

    /// Makes a request known, so that it can be cancelled from now on, even before it runs. To be
    /// called on the thread that reads the client's messages; then [#run] or [#drop] once, on any.
    ///
    /// @throws Refusal if too many calls are in flight, or the id is in use
    public Call open(Peer peer, Message.Request request, Envelope envelope, Channel out) {
        var call = new Call(request, envelope, peer, out);
        peer.begin(call, limits.callsPerPeer());
        if (!inFlight.begin(call)) {
            peer.end(call);
            throw Refusal.busy(
                            "This server has "
                                    + limits.calls()
                                    + " calls in flight. Wait a moment, then send this again.")
                    .about(request.id());
        }
        return call;
    }

    /// Runs a call on this thread. Never throws.
    ///
    /// @return the reply, or null when the client has cancelled the call and expects none
    public @Nullable ObjectNode run(Call call) {
        ObjectNode reply;
        var failed = true;
        try {
            call.start();
            var result = result(call);
            failed = result.path("isError").asBoolean(false);
            reply = Message.result(call.id(), result);
        } catch (Refusal refusal) {
            reply = refusal.about(call.id()).reply();
        } catch (InterruptedException e) {
            // Why is known to the call; nobody else interrupts.
            reply = Refusal.internal().about(call.id()).reply();
        } catch (Throwable e) {
            // An Error too: without an answer the client would wait for ever.
            if (!call.cancelled() && !call.overdue()) {
                log(call, e);
            }
            reply = Refusal.internal().about(call.id()).reply();
        } finally {
            call.finish();
            end(call);
        }
        if (call.cancelled()) {
            return null;
        }
        return failed && call.overdue()
                ? Refusal.overdue(limits.callTime()).about(call.id()).reply()
                : reply;
    }

    private static void log(Call call, Throwable failed) {
        try {
            System.getLogger("assay.mcp").log(Level.ERROR, call.method() + " failed", failed);
        } catch (OutOfMemoryError full) {
            // The answer matters more, and is smaller.
            Thread.onSpinWait();
        }
    }

    /// Forgets a call that will not be run after all.
    public void drop(Call call) {
        end(call);
    }

    private void end(Call call) {
        call.peer().end(call);
        inFlight.end(call);
    }

    /// Takes what a client says without expecting a reply.
    public void accept(Peer peer, Message.Notification notification) {
        if (notification.method().equals("notifications/cancelled")) {
            var id = notification.params().get("requestId");
            var call = id == null ? null : peer.running(id);
            if (call != null && call.cancel()) {
                end(call);
            }
        }
    }

    private ObjectNode result(Call call) throws Exception {
        return call.era() == Era.HANDSHAKE ? handshake(call) : stateless(call);
    }

    private ObjectNode handshake(Call call) throws Exception {
        return switch (call.method()) {
            case "initialize" -> initialize(call);
            case "ping" -> Json.object();
            case "logging/setLevel" -> setLevel(declared(catalog.has(Feature.LOGGING), call));
            case "resources/subscribe" ->
                    subscribe(declared(catalog.has(Feature.RESOURCE_CHANGES), call));
            case "resources/unsubscribe" ->
                    unsubscribe(declared(catalog.has(Feature.RESOURCE_CHANGES), call));
            default -> common(call);
        };
    }

    private ObjectNode stateless(Call call) throws Exception {
        ObjectNode result;
        try {
            result =
                    switch (call.method()) {
                        case "server/discover" -> discover();
                        case "subscriptions/listen" -> listen(call);
                        default -> common(call);
                    };
        } catch (InputRequired open) {
            result = open.result();
        }
        var whole = Json.object().setAll(result);
        if (!whole.has("resultType")) {
            whole.put("resultType", "complete");
        }
        if (isCacheable(call.method())) {
            whole.put("ttlMs", 0).put("cacheScope", "private");
        }
        var meta = Json.object();
        if (result.get("_meta") instanceof ObjectNode given) {
            meta.setAll(given);
        }
        return whole.set("_meta", meta.set(Envelope.SERVER, catalog.server()));
    }

    private static boolean isCacheable(String method) {
        return method.endsWith("/list")
                || method.equals("resources/read")
                || method.equals("server/discover");
    }

    private ObjectNode common(Call call) throws Exception {
        return switch (call.method()) {
            case "tools/list" -> tools(call);
            case "tools/call" ->
                    Catalog.find("tool", catalog.tools(), call.text("name")).handler().handle(call);
            case "resources/list" -> resources(declared(catalog.hasResources(), call));
            case "resources/templates/list" -> templates(declared(catalog.hasResources(), call));
            case "resources/read" -> readResource(declared(catalog.hasResources(), call));
            case "prompts/list" -> prompts(declared(!catalog.prompts().isEmpty(), call));
            case "prompts/get" -> getPrompt(declared(!catalog.prompts().isEmpty(), call));
            case "completion/complete" -> complete(declared(catalog.hasCompletions(), call));
            default -> throw Refusal.unknownMethod(call.method());
        };
    }

    /// The methods of a capability that is not declared do not exist.
    private static Call declared(boolean declared, Call call) {
        if (!declared) {
            throw Refusal.unknownMethod(call.method());
        }
        return call;
    }

    private ObjectNode initialize(Call call) {
        var wanted = call.text("protocolVersion");
        var peer = call.peer();
        if (peer.introduced()) {
            throw Refusal.invalidRequest(
                    "This session is initialized already. Open another one instead.");
        }
        peer.introduce(
                call.params().get("capabilities") instanceof ObjectNode given
                        ? given
                        : Json.object());
        if (catalog.has(Feature.LIST_CHANGES) || catalog.has(Feature.RESOURCE_CHANGES)) {
            peer.listening(changes.listen(change -> tell(peer, change)));
        }
        var versions = Era.HANDSHAKE.versions();
        var result =
                Json.object()
                        .put(
                                "protocolVersion",
                                versions.contains(wanted) ? wanted : Era.HANDSHAKE.newest());
        result.set("capabilities", catalog.capabilities(Era.HANDSHAKE));
        result.set("serverInfo", catalog.server());
        return result.put("instructions", catalog.instructions());
    }

    private static void tell(Peer peer, Change change) {
        if (change.uri() == null || peer.watched().contains(change.uri())) {
            peer.channel().send(change.message(null));
        }
    }

    private ObjectNode discover() {
        var result = Json.object();
        var versions = result.putArray("supportedVersions");
        Era.STATELESS.versions().forEach(versions::add);
        result.set("capabilities", catalog.capabilities(Era.STATELESS));
        return result.put("instructions", catalog.instructions());
    }

    private ObjectNode listen(Call call) throws InterruptedException {
        declared(catalog.has(Feature.LIST_CHANGES) || catalog.has(Feature.RESOURCE_CHANGES), call);
        return new Subscription(call, catalog).deliver(changes);
    }

    private ObjectNode tools(Call call) {
        var all = new ArrayList<ObjectNode>();
        for (var tool : catalog.tools().values()) {
            all.add(tool.definition());
        }
        return page("tools", all, call);
    }

    private ObjectNode resources(Call call) {
        var all = new ArrayList<ObjectNode>();
        for (var resource : catalog.resources().values()) {
            all.add(resource.definition());
        }
        for (var template : catalog.templates()) {
            all.addAll(template.listing().of(call));
        }
        return page("resources", all, call);
    }

    private ObjectNode templates(Call call) {
        return page(
                "resourceTemplates",
                catalog.templates().stream().map(Catalog.Template::definition).toList(),
                call);
    }

    private ObjectNode prompts(Call call) {
        return page(
                "prompts",
                catalog.prompts().values().stream().map(Catalog.Prompt::definition).toList(),
                call);
    }

    private ObjectNode page(String name, List<ObjectNode> all, Call call) {
        return Page.of(name, all, limits.pageSize(), call.params().get("cursor"));
    }

    private ObjectNode readResource(Call call) throws Exception {
        var uri = call.text("uri");
        var resource = catalog.resources().get(uri);
        if (resource != null) {
            return resource.handler().handle(call);
        }
        for (var template : catalog.templates()) {
            if (template.covers().test(uri)) {
                return template.handler().handle(call);
            }
        }
        throw Refusal.unknownResource(call.era(), uri);
    }

    private ObjectNode getPrompt(Call call) throws Exception {
        return Catalog.find("prompt", catalog.prompts(), call.text("name")).handler().handle(call);
    }

    private ObjectNode complete(Call call) {
        var ref = call.params().path("ref");
        var argument = call.params().path("argument");
        var name = Json.text(argument, "name");
        if (!ref.isObject() || name == null) {
            throw Refusal.invalidParams(
                    "params.ref must be an object, and params.argument one with a name.");
        }
        var typed = Json.text(argument, "value");
        var proposals = completion(ref).of(call, name, typed == null ? "" : typed);
        var result = Json.object();
        var completion =
                result.putObject("completion")
                        .put("total", proposals.total())
                        .put("hasMore", proposals.total() > proposals.values().size());
        var values = completion.putArray("values");
        proposals.values().forEach(values::add);
        return result;
    }

    /// For what this catalog does not have there is nothing to propose, which is no reason to fail
    /// while a user types.
    private Catalog.Completion completion(JsonNode ref) {
        if ("ref/resource".equals(Json.text(ref, "type"))) {
            var uri = Json.text(ref, "uri");
            return catalog.templates().stream()
                    .filter(template ->
                            template.definition().path("uriTemplate").asString("").equals(uri))
                    .findFirst()
                    .map(Catalog.Template::completion)
                    .orElse(Catalog.Completion.NONE);
        }
        var name = Json.text(ref, "name");
        var prompt = name == null ? null : catalog.prompts().get(name);
        return prompt == null ? Catalog.Completion.NONE : prompt.completion();
    }

    private static ObjectNode setLevel(Call call) {
        var level = call.text("level");
        if (!Call.LEVELS.contains(level)) {
            throw Refusal.invalidParams(
                    "'"
                            + level
                            + "' is not a level. Use one of: "
                            + String.join(", ", Call.LEVELS)
                            + ".");
        }
        call.peer().logLevel(level);
        return Json.object();
    }

    private static ObjectNode subscribe(Call call) {
        call.peer().watched().add(call.text("uri"));
        return Json.object();
    }

    private static ObjectNode unsubscribe(Call call) {
        call.peer().watched().remove(call.text("uri"));
        return Json.object();
    }
}
