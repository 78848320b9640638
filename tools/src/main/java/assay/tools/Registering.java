package assay.tools;

import assay.domain.noun.Noun;
import assay.domain.work.Hook;
import assay.domain.work.UnitOfWork.Registration;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells calls that register a hook from all others: the sandbox sends `{source}` in place of the
/// function, and `{verb, source}` for the neutral names.
final class Registering {
    private Registering() {}

    /// @param name the member of the noun that was called, such as `starting` or `after`
    static Optional<Registration> read(Noun noun, String name, ArrayNode arguments) {
        if (!(arguments.path(0) instanceof ObjectNode sent) || !sent.path("source").isString()) {
            return Optional.empty();
        }
        var source = sent.path("source").stringValue();
        if (sent.size() == 2 && sent.path("verb").isString()) {
            return phase(name).map(phase -> neutral(noun, phase, sent));
        }
        if (sent.size() != 1) {
            return Optional.empty();
        }
        return noun.before(name)
                .map(verb -> new Registration(noun, verb, Hook.Phase.BEFORE, source))
                .or(() ->
                        noun.after(name)
                                .map(verb ->
                                        new Registration(noun, verb, Hook.Phase.AFTER, source)));
    }

    private static Optional<Hook.Phase> phase(String name) {
        return switch (name) {
            case "before" -> Optional.of(Hook.Phase.BEFORE);
            case "after" -> Optional.of(Hook.Phase.AFTER);
            default -> Optional.empty();
        };
    }

    private static Registration neutral(Noun noun, Hook.Phase phase, ObjectNode sent) {
        return new Registration(
                noun,
                noun.requireVerb(sent.path("verb").stringValue()),
                phase,
                sent.path("source").stringValue());
    }
}
