package assay.domain.prompt;

import assay.domain.noun.Json;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.store.Objects;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The families of the prompts that variants name. By them an experiment is found when somebody
/// sets about the same prompt again.
public final class Families {
    private final Noun noun;
    private final Objects objects;

    public Families(Nouns nouns, Objects objects) {
        this.noun = nouns.require(Prompts.PROMPT);
        this.objects = objects;
    }

    /// In alphabetical order. A prompt that stands in a variant as text belongs to no family.
    ///
    /// @param variants in their stored form
    public List<String> of(JsonNode variants) {
        var families = new TreeSet<String>();
        for (var variant : variants) {
            var prompt = variant.path("prompt");
            var name = prompt.isObject() ? prompt.path("key") : prompt;
            if (name.isString()) {
                family(name.stringValue()).ifPresent(families::add);
            }
        }
        return List.copyOf(families);
    }

    private Optional<String> family(String name) {
        var version =
                objects.get(name)
                        .filter(object -> object.type().equals(noun.name()))
                        .or(() -> objects.byUnique(noun, "key", Json.text(name)));
        if (version.isPresent()) {
            return Optional.of(version.get().document().path("family").asString(""));
        }
        return objects.inOrder(noun, "family", name).isEmpty()
                ? Optional.empty()
                : Optional.of(name);
    }
}
