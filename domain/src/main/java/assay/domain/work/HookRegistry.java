package assay.domain.work;

import assay.domain.Change;
import assay.domain.Quoted;
import assay.domain.noun.Nouns;
import assay.domain.noun.Verb;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes hooks, and takes away those whose file is gone.
final class HookRegistry {
    static final String HOOK = "Hook";

    private final Nouns nouns;
    private final Objects objects;
    private final Changes changes;
    private final RunningHooks running;
    private final Supplier<String> newId;
    private final String actor;
    private final Instant now;

    HookRegistry(
            Nouns nouns,
            Objects objects,
            Changes changes,
            RunningHooks running,
            Supplier<String> newId,
            String actor,
            Instant now) {
        this.nouns = nouns;
        this.objects = objects;
        this.changes = changes;
        this.running = running;
        this.newId = newId;
        this.actor = actor;
        this.now = now;
    }

    /// The hook with this code, made if there is none. One that is switched off stays off.
    ///
    /// @param file where the code is from, if from a file
    StoredObject register(UnitOfWork.Registration wanted, Optional<String> file) {
        var name = wanted.name();
        return existing(name, wanted).orElseGet(() -> make(name, wanted, file));
    }

    private Optional<StoredObject> existing(String name, UnitOfWork.Registration wanted) {
        return objects.inOrder(nouns.require(HOOK), "name", name).stream()
                .filter(stored -> {
                    var hook = Hook.of(stored);
                    return hook.verb().equals(wanted.verb().name())
                            && hook.phase() == wanted.phase()
                            && hook.source().equals(wanted.source());
                })
                .findFirst();
    }

    private StoredObject make(String name, UnitOfWork.Registration wanted, Optional<String> file) {
        var document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("name", name)
                        .put("noun", wanted.noun().name())
                        .put("verb", wanted.verb().name())
                        .put("phase", wanted.phase().word())
                        .put("source", wanted.source())
                        .put("status", "Enabled")
                        .put("registrant", actor);
        file.ifPresent(from -> document.put("file", from));
        document.put("failures", 0);
        var made =
                new StoredObject(
                        newId.get(),
                        HOOK,
                        1,
                        now.toEpochMilli(),
                        actor,
                        now.toEpochMilli(),
                        document);
        objects.insert(nouns.require(HOOK), made, entry(Verb.CREATE, file));
        changes.add(new Change(Verb.CREATE.name(), HOOK, made.id(), empty(), document.deepCopy()));
        running.changed(made.id());
        return made;
    }

    /// Takes the hooks of a file away, but for those that it still registers.
    void removeOf(String file, List<UnitOfWork.Registration> registered) {
        var staying =
                registered.stream()
                        .flatMap(one -> existing(one.name(), one).stream())
                        .map(StoredObject::id)
                        .toList();
        for (var hook : objects.inOrder(nouns.require(HOOK), "file", file)) {
            if (!staying.contains(hook.id())) {
                objects.delete(
                        hook.next(hook.document(), now.toEpochMilli()),
                        entry(Verb.DELETE, Optional.of(file)));
                changes.add(
                        new Change(Verb.DELETE.name(), HOOK, hook.id(), hook.document(), empty()));
                running.changed(hook.id());
            }
        }
    }

    private Objects.Entry entry(Verb verb, Optional<String> file) {
        return new Objects.Entry(
                verb.name(),
                verb.past(),
                actor,
                file.map(name -> "file " + Quoted.of(name) + " in the folder hooks"));
    }

    private static ObjectNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }
}
