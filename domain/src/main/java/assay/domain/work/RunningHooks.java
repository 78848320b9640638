package assay.domain.work;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.noun.Verb;
import assay.domain.store.Objects;
import java.io.Serial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The hooks of a tenant within one transaction: which there are, what becomes of them, and what
/// their failures mean. Those are read when the first verb asks, and again once one of them has
/// changed.
final class RunningHooks {
    /// Failures in a row that switch a hook off.
    static final int MOST_FAILURES = 5;

    private final Optional<Hooks> code;
    private final Nouns nouns;
    private final Objects objects;
    private final List<HookRun> runs = new ArrayList<>();
    private final List<HookError> errors = new ArrayList<>();

    /// Failures in a row of the hooks that ran here.
    private final Map<String, Integer> failures = new HashMap<>();

    private @Nullable List<Hook> enabled;

    /// @param code what runs hooks; empty when none are to run
    RunningHooks(Optional<Hooks> code, Nouns nouns, Objects objects) {
        this.code = code;
        this.nouns = nouns;
        this.objects = objects;
    }

    /// The runs to be recorded, in order.
    List<HookRun> runs() {
        return List.copyOf(runs);
    }

    /// The failures that did not undo their verb, in order.
    List<HookError> errors() {
        return List.copyOf(errors);
    }

    /// True when a verb has a hook.
    boolean any(Noun noun, Verb verb) {
        for (var hook : enabled(noun)) {
            if (hook.isOf(noun, verb) && isOn(hook)) {
                return true;
            }
        }
        return false;
    }

    /// The hooks of a verb in the order of their registration.
    List<Hook> of(Noun noun, Verb verb, Hook.Phase phase) {
        return any(noun, verb)
                ? enabled(noun).stream()
                        .filter(hook -> hook.isOf(noun, verb) && hook.phase() == phase)
                        .filter(this::isOn)
                        .toList()
                : List.of();
    }

    /// What was read of hooks may be untrue by now.
    void forget() {
        enabled = null;
    }

    /// A hook was made, changed or deleted.
    void changed(String hook) {
        forget();
        failures.remove(hook);
    }

    /// Asks a hook before its verb.
    ///
    /// @return the fields that it wants otherwise
    /// @throws Refused if it does not want the verb
    ObjectNode before(Hook hook, ObjectNode entity, ObjectNode change, UnitOfWork inside) {
        var ended = run(hook, entity, Optional.of(change), inside);
        if (ended instanceof Hooks.Ended.Failed failed) {
            if (failed.isDefect()) {
                failed(hook, failed.message());
            }
            throw refused(hook, failed);
        }
        succeeded(hook);
        return patch(((Hooks.Ended.Returned) ended).value(), entity);
    }

    /// The refusal for what a hook gave that its verb cannot take. The caller did not send it.
    Refused rejected(Hook hook, Refused why) {
        failed(hook, why.problem());
        return refused(
                hook,
                new Hooks.Ended.Failed(
                        "Hook %s on %s returned what cannot be: %s"
                                .formatted(Quoted.of(hook.id()), hook.name(), why.problem()),
                        OptionalInt.empty(),
                        true));
    }

    /// What differs from the object that the hook was shown, meta fields aside: many hooks return
    /// it whole.
    private static ObjectNode patch(JsonNode returned, ObjectNode entity) {
        var patch = JsonNodeFactory.instance.objectNode();
        if (returned instanceof ObjectNode object) {
            for (var member : object.properties()) {
                if (!member.getKey().startsWith("$")
                        && !member.getValue().equals(entity.get(member.getKey()))) {
                    patch.set(member.getKey(), member.getValue());
                }
            }
        }
        return patch;
    }

    private static Refused refused(Hook hook, Hooks.Ended.Failed failed) {
        var json = JsonNodeFactory.instance;
        var refused =
                new Refused(
                                Reason.REFUSED_BY_HOOK,
                                failed.message(),
                                "Do what hook %s on %s asks for, or switch it off with $.Hook.disable('%s')."
                                        .formatted(Quoted.of(hook.id()), hook.name(), hook.id()))
                        .with("hook", json.stringNode(hook.id()))
                        .with("on", json.stringNode(hook.name()));
        return failed.line().isPresent()
                ? refused.with("hookLine", json.numberNode(failed.line().getAsInt()))
                : refused;
    }

    /// Tells a hook after its verb. What it did is undone if it fails, the verb is not.
    void after(Hook hook, ObjectNode entity, UnitOfWork inside) {
        try {
            inside.allOrNone(() -> {
                if (run(hook, entity, Optional.empty(), inside)
                        instanceof Hooks.Ended.Failed failed) {
                    throw new Undone(failed);
                }
                return hook;
            });
            succeeded(hook);
        } catch (Undone undone) {
            var disabled = failed(hook, undone.failed.message());
            errors.add(
                    new HookError(
                            hook.id(),
                            hook.name(),
                            undone.failed.message(),
                            undone.failed.line(),
                            disabled));
        }
    }

    private Hooks.Ended run(
            Hook hook, ObjectNode entity, Optional<ObjectNode> change, UnitOfWork inside) {
        return code.orElseThrow().run(hook, entity, change, inside);
    }

    /// @return true when this failure switches it off
    private boolean failed(Hook hook, String message) {
        var inRow = failures.getOrDefault(hook.id(), hook.failures()) + 1;
        failures.put(hook.id(), inRow);
        runs.add(new HookRun(hook.id(), Optional.of(message)));
        return inRow == MOST_FAILURES;
    }

    private void succeeded(Hook hook) {
        if (failures.getOrDefault(hook.id(), hook.failures()) > 0) {
            failures.put(hook.id(), 0);
            runs.add(new HookRun(hook.id(), Optional.empty()));
        }
    }

    private List<Hook> enabled(Noun noun) {
        if (code.isEmpty() || !noun.isHookable()) {
            return List.of();
        }
        var known = enabled;
        if (known == null) {
            known =
                    objects.inOrder(nouns.require(HookRegistry.HOOK), "status", "Enabled").stream()
                            .map(Hook::of)
                            .toList();
            enabled = known;
        }
        return known;
    }

    /// One that has failed too often here is off before that is stored.
    private boolean isOn(Hook hook) {
        return failures.getOrDefault(hook.id(), 0) < MOST_FAILURES;
    }

    /// Rolls back what a hook did.
    private static final class Undone extends RuntimeException {
        @Serial private static final long serialVersionUID = 1L;

        private final transient Hooks.Ended.Failed failed;

        Undone(Hooks.Ended.Failed failed) {
            super(failed.message(), null, false, false);
            this.failed = failed;
        }
    }
}
