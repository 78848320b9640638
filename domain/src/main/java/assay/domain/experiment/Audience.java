package assay.domain.experiment;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A condition on the attributes of a subject. A missing attribute satisfies no comparison, so the
/// negative ones (`neq`, `not_in`, `not_contains`, `not_exists`) hold for it.
public sealed interface Audience {
    /// Why a subject does not belong, as the end of a sentence; empty when it does.
    ///
    /// @param attributes an object, or nothing
    Optional<String> misses(JsonNode attributes);

    /// Reads a condition in either spelling:
    ///
    /// - rules: `{field, operator, value}`, alone or inside `{all: […]}`, `{any: […]}`, `{not: …}`
    ///   or `{logicalOperator: 'AND' | 'OR', rules: […]}`
    /// - the filter language of queries: `{plan: 'pro', age: {$gte: 18}, $or: […]}`
    ///
    /// @param field where it stands, for the refusal
    /// @throws assay.domain.Refused if it is neither
    static Audience parse(String field, JsonNode given) {
        return new AudienceSyntax(field, true).parse(given);
    }

    /// Reads a condition that an experiment was started with, which keeps its meaning although it
    /// might be taken for a slip of the pen today.
    static Audience ofStored(String field, JsonNode stored) {
        return new AudienceSyntax(field, false).parse(stored);
    }

    /// All of several conditions hold.
    record All(List<Audience> parts) implements Audience {
        public All {
            parts = List.copyOf(parts);
        }

        @Override
        public Optional<String> misses(JsonNode attributes) {
            for (var part : parts) {
                var why = part.misses(attributes);
                if (why.isPresent()) {
                    return why;
                }
            }
            return Optional.empty();
        }
    }

    /// At least one of several conditions holds.
    record Any(List<Audience> parts) implements Audience {
        public Any {
            parts = List.copyOf(parts);
        }

        @Override
        public Optional<String> misses(JsonNode attributes) {
            var first = Optional.<String>empty();
            for (var part : parts) {
                var why = part.misses(attributes);
                if (why.isEmpty()) {
                    return why;
                }
                first = first.or(() -> why);
            }
            return first.map(why ->
                    parts.size() == 1
                            ? why
                            : "none of %d alternatives holds, the first because %s"
                                    .formatted(parts.size(), why));
        }
    }

    /// A condition does not hold.
    record Not(Audience inner) implements Audience {
        @Override
        public Optional<String> misses(JsonNode attributes) {
            return inner.misses(attributes).isPresent()
                    ? Optional.empty()
                    : Optional.of("what is to be left out holds");
        }
    }

    /// One attribute compares with a constant.
    record Rule(Attribute attribute, Test test, String why) implements Audience {
        @Override
        public Optional<String> misses(JsonNode attributes) {
            return test.holds(attribute.of(attributes)) ? Optional.empty() : Optional.of(why);
        }
    }

    /// Where an attribute is: its name, or the names on the way to it with dots between them.
    record Attribute(String path) {
        JsonNode of(JsonNode attributes) {
            var whole = attributes.path(path);
            if (!whole.isMissingNode() || path.indexOf('.') < 0) {
                return whole;
            }
            var found = attributes;
            for (var name : path.split("\\.", -1)) {
                found = found.path(name);
            }
            return found;
        }
    }

    /// What is asked of the value of an attribute, which may be missing.
    @FunctionalInterface
    interface Test {
        boolean holds(JsonNode value);
    }
}
