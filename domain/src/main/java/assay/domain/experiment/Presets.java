package assay.domain.experiment;

import assay.domain.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules that have a name: the file `assay/experiment/rules.json` says what each of them means.
final class Presets {
    /// Read when the first rule names one.
    private static final class File {
        static final JsonNode PRESETS = read();

        private static JsonNode read() {
            try (var file = Presets.class.getResourceAsStream("/assay/experiment/rules.json")) {
                if (file == null) {
                    throw new IllegalStateException("rules.json is missing");
                }
                return JsonTree.read(file.readAllBytes());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private Presets() {}

    static List<String> names() {
        return List.copyOf(File.PRESETS.propertyNames());
    }

    /// The members of a rule that a name stands for.
    static Optional<ObjectNode> find(String name) {
        return File.PRESETS.path(name).path("rule") instanceof ObjectNode rule
                ? Optional.of(rule)
                : Optional.empty();
    }

    /// What a preset means, in a sentence.
    static String means(String name) {
        return File.PRESETS.path(name).path("means").asString("");
    }
}
