package assay.domain.noun;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What nouns say about each other: checked once, and completed by the names nobody declared.
final class Relations {
    private final SequencedMap<String, Noun> nouns;
    private final Map<String, SequencedMap<String, Field.Reverse>> reverses = new HashMap<>();

    private Relations(SequencedMap<String, Noun> nouns) {
        this.nouns = nouns;
    }

    /// The reverse relations of every noun, by the noun's name.
    ///
    /// @throws Refused if a target does not exist or two sides of a relation disagree
    static Map<String, SequencedMap<String, Field.Reverse>> reverses(
            SequencedMap<String, Noun> nouns) {
        var relations = new Relations(nouns);
        nouns.values().forEach(relations::declared);
        nouns.values().forEach(relations::named);
        nouns.values().forEach(relations::derived);
        relations.reverses.replaceAll((_, map) -> Collections.unmodifiableSequencedMap(map));
        return Map.copyOf(relations.reverses);
    }

    private void declared(Noun noun) {
        for (var field : noun.fields().values()) {
            if (field instanceof Field.Reverse reverse) {
                checkSource(noun, reverse);
                of(noun.name()).put(reverse.name(), reverse);
            }
        }
    }

    private void checkSource(Noun noun, Field.Reverse reverse) {
        var source = target(noun, reverse, reverse.target());
        if (!(source.fields().get(reverse.field()) instanceof Field.Reference reference)
                || !reference.target().equals(noun.name())) {
            throw refused(
                    noun,
                    reverse,
                    "lists %s.%s, which is no reference to %s"
                            .formatted(source.name(), reverse.field(), noun.name()),
                    "Declare %s in %s as \"-> %s.%s\"."
                            .formatted(
                                    reverse.field(), source.name(), noun.name(), reverse.name()));
        }
        if (!reference.inverse().orElse(reverse.name()).equals(reverse.name())) {
            throw refused(
                    noun,
                    reverse,
                    "lists %s.%s, which calls its inverse %s"
                            .formatted(
                                    source.name(),
                                    reference.name(),
                                    Quoted.of(reference.inverse().orElseThrow())),
                    "Use one name on both sides.");
        }
    }

    private void named(Noun noun) {
        for (var field : noun.fields().values()) {
            if (field instanceof Field.Reference reference) {
                var target = target(noun, reference, reference.target());
                reference.inverse().ifPresent(inverse -> name(noun, reference, target, inverse));
            }
        }
    }

    private void name(Noun noun, Field.Reference reference, Noun target, String inverse) {
        var added = new Field.Reverse(inverse, noun.name(), reference.name(), true);
        var there = of(target.name()).get(inverse);
        var agrees =
                there == null
                        ? !target.fields().containsKey(inverse)
                                && !target.verbs().containsKey(inverse)
                        : there.target().equals(noun.name())
                                && there.field().equals(reference.name());
        if (!agrees) {
            throw refused(
                    noun,
                    reference,
                    "calls its inverse %s, which %s uses for something else"
                            .formatted(Quoted.of(inverse), target.name()),
                    "Declare %s in %s as \"<- %s.%s[]\", or use another name."
                            .formatted(inverse, target.name(), noun.name(), reference.name()));
        }
        of(target.name()).putIfAbsent(inverse, added);
    }

    private void derived(Noun noun) {
        for (var field : noun.fields().values()) {
            if (field instanceof Field.Reference reference && reference.inverse().isEmpty()) {
                derive(noun, reference);
            }
        }
    }

    private void derive(Noun noun, Field.Reference reference) {
        var there = of(reference.target());
        var target = nouns.get(reference.target());
        var plural = Linguistics.lowerFirst(Linguistics.plural(noun.name()));
        var name =
                reference.name().equals(Linguistics.lowerFirst(reference.target()))
                        ? plural
                        : plural + "By" + Linguistics.upperFirst(reference.name());
        if (!isListed(there, noun, reference)
                && target != null
                && !target.fields().containsKey(name)) {
            there.putIfAbsent(name, new Field.Reverse(name, noun.name(), reference.name(), true));
        }
    }

    private static boolean isListed(
            SequencedMap<String, Field.Reverse> there, Noun noun, Field.Reference reference) {
        for (var reverse : there.values()) {
            if (reverse.target().equals(noun.name()) && reverse.field().equals(reference.name())) {
                return true;
            }
        }
        return false;
    }

    private Noun target(Noun noun, Field field, String target) {
        var found = nouns.get(target);
        if (found == null) {
            throw refused(
                    noun,
                    field,
                    "points to %s, which is no noun".formatted(Quoted.of(target)),
                    Nearest.hint(target, nouns.keySet())
                            + "Use one of: "
                            + String.join(", ", nouns.keySet())
                            + ".");
        }
        return found;
    }

    private SequencedMap<String, Field.Reverse> of(String noun) {
        return reverses.computeIfAbsent(noun, _ -> new LinkedHashMap<>());
    }

    private static Refused refused(Noun noun, Field field, String problem, String repair) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s.%s %s.".formatted(noun.name(), field.name(), problem),
                        repair)
                .field(field.name())
                .with("noun", Json.text(noun.name()));
    }
}
