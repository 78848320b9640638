package assay.domain.noun;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// Code that shows how a noun is used, made from its declaration. It runs as it stands.
public final class Examples {
    private static final int DEEPEST = 3;

    private final Nouns nouns;

    public Examples(Nouns nouns) {
        this.nouns = nouns;
    }

    /// What create must be given, such as `{name: 'text', value: 1}`.
    public String data(Noun noun) {
        return data(noun, 0);
    }

    private String data(Noun noun, int depth) {
        var data = new StringJoiner(", ", "{", "}");
        for (var field : noun.fields().values()) {
            if (TypeScript.isNeeded(noun, field)) {
                data.add(field.name() + ": " + value(noun, field, depth));
            }
        }
        return data.toString();
    }

    private String value(Noun noun, Field field, int depth) {
        var one = one(noun, field, depth);
        return field.array() ? "[" + one + "]" : one;
    }

    private String one(Noun noun, Field field, int depth) {
        return switch (field) {
            case Field.Plain plain -> plain(noun, plain);
            case Field.Choice choice -> quoted(choice.members().getFirst());
            case Field.Reference reference -> reference(reference, depth);
            case Field.Reverse _ -> "[]";
        };
    }

    /// Another object that has to be there first.
    private String reference(Field.Reference reference, int depth) {
        return depth >= DEEPEST
                ? "id"
                : "(await $.%s.create(%s)).$id"
                        .formatted(
                                reference.target(),
                                data(nouns.require(reference.target()), depth + 1));
    }

    private static String plain(Noun noun, Field.Plain field) {
        return switch (field.base()) {
            case STRING, TEXT, MARKDOWN -> quoted(noun.name() + " " + field.name());
            case CODE -> quoted("return params");
            case NUMBER, FLOAT, INT, DECIMAL -> "1";
            case BOOLEAN -> "true";
            case DATE -> quoted("2026-03-31");
            case DATETIME, TIMESTAMP -> quoted("2026-03-31T09:00:00Z");
            case JSON -> "{}";
            case URL -> quoted("https://example.com/a");
            case EMAIL -> quoted("ada@example.com");
            case ID -> quoted("contact_fX9bL5nR");
            case UUID -> quoted("123e4567-e89b-12d3-a456-426614174000");
            case ULID -> quoted("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /// The calls that take a new object to where a verb starts, such as `start(id)`; empty when a
    /// new object is there, and when nothing leads there.
    public List<String> steps(Noun noun, String verb) {
        var cycle = noun.lifeCycle().orElse(null);
        if (cycle == null || cycle.targets(verb).isEmpty()) {
            return List.of();
        }
        var open = new ArrayDeque<Path>();
        var seen = new HashSet<String>();
        open.add(new Path(cycle.initial(), List.of()));
        while (!open.isEmpty()) {
            var path = open.remove();
            if (cycle.next(verb, path.state()).isPresent()) {
                return path.steps();
            }
            for (var next : next(cycle, path)) {
                if (seen.add(next.state())) {
                    open.add(next);
                }
            }
        }
        return List.of();
    }

    /// @param steps the calls so far, without the object they are made on
    private record Path(String state, List<String> steps) {
        Path then(String next, String step) {
            var longer = new ArrayList<>(steps);
            longer.add(step);
            return new Path(next, List.copyOf(longer));
        }
    }

    private static List<Path> next(LifeCycle cycle, Path path) {
        var next = new ArrayList<Path>();
        for (var verb : cycle.legal(path.state())) {
            cycle.next(verb, path.state())
                    .ifPresent(state -> next.add(path.then(state, verb + "(id)")));
        }
        for (var state : cycle.byUpdate().getOrDefault(path.state(), java.util.Set.of())) {
            next.add(
                    path.then(
                            state, "update(id, {%s: %s})".formatted(cycle.field(), quoted(state))));
        }
        return next;
    }

    /// What a verb writes besides the state, in words, such as `endAt = now`.
    public static Optional<String> effects(Noun noun, String verb) {
        var effects = noun.effects().getOrDefault(verb, Map.of());
        if (effects.isEmpty()) {
            return Optional.empty();
        }
        var words = new StringJoiner(", ");
        effects.forEach((field, effect) ->
                words.add(
                        switch (effect) {
                            case "$now" -> field + " = now";
                            case "$now?" -> field + " = now unless it has one";
                            case "+1" -> field + " + 1";
                            default -> field + " = " + effect;
                        }));
        return Optional.of(words.toString());
    }
}
