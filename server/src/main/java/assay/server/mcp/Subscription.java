package assay.server.mcp;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The changes that one `subscriptions/listen` wants to hear about, and their delivery.
final class Subscription {
    private final Call call;
    private final ObjectNode meta = Json.object();
    private final ObjectNode honoured = Json.object();
    private final Set<String> methods = new HashSet<>();
    private final Set<String> uris = new HashSet<>();

    Subscription(Call call, Catalog catalog) {
        this.call = call;
        meta.set(Envelope.SUBSCRIPTION, call.id());
        if (catalog.has(Catalog.Feature.LIST_CHANGES)) {
            wants("toolsListChanged", Change.TOOLS);
            wants("promptsListChanged", Change.PROMPTS);
            wants("resourcesListChanged", Change.RESOURCES);
        }
        if (catalog.has(Catalog.Feature.RESOURCE_CHANGES)) {
            call.params()
                    .path("notifications")
                    .path("resourceSubscriptions")
                    .forEach(uri -> uris.add(uri.asString()));
        }
        if (!uris.isEmpty()) {
            var list = honoured.putArray("resourceSubscriptions");
            uris.forEach(list::add);
        }
    }

    private void wants(String kind, Change change) {
        if (call.params().path("notifications").path(kind).asBoolean(false)) {
            methods.add(change.method());
            honoured.put(kind, true);
        }
    }

    /// Stays until the client cancels or goes; the acknowledgement comes before any change.
    ObjectNode deliver(Changes changes) throws InterruptedException {
        Runnable stop;
        boolean heard;
        synchronized (this) {
            stop = changes.listen(this::tell);
            var params = Json.object();
            params.set("_meta", meta);
            params.set("notifications", honoured);
            heard =
                    call.out()
                            .send(
                                    Message.notification(
                                            "notifications/subscriptions/acknowledged", params));
        }
        try {
            if (!heard) {
                throw Refusal.invalidRequest(
                        "A subscription needs a client that reads an event stream.");
            }
            call.peer().awaitGone();
        } finally {
            stop.run();
        }
        return Json.object().set("_meta", meta);
    }

    private synchronized void tell(Change change) {
        var wanted =
                change.uri() == null
                        ? methods.contains(change.method())
                        : uris.contains(change.uri());
        if (wanted) {
            call.out().send(change.message(meta));
        }
    }
}
