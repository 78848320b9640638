package assay.tools;

import assay.domain.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import tools.jackson.databind.node.ObjectNode;

/// The definitions that agents read, kept as JSON beside the code.
final class Definition {
    private Definition() {}

    static ObjectNode of(String tool) {
        try (var in = Definition.class.getResourceAsStream("/assay/tools/" + tool + ".json")) {
            if (in == null) {
                throw new IllegalStateException(
                        "the definition of " + tool + " is missing from the program");
            }
            return (ObjectNode) JsonTree.read(in.readAllBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
