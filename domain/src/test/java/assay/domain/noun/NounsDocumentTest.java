package assay.domain.noun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NounsDocumentTest {
    final String page = Files.readString(Path.of("../docs/nouns.md"));

    NounsDocumentTest() throws IOException {}

    @Test
    void its_example_is_in_the_language() {
        var begin = page.indexOf("```json") + "```json".length();
        var example = page.substring(begin, page.indexOf("```", begin));
        var noun = Definition.parse("Lead", (ObjectNode) Json.read(example));
        assertThat(noun.verbs().keySet()).containsExactly("win", "lose");
    }

    @Test
    void every_type_and_every_key_is_on_it() {
        assertThat(Base.words()).allMatch(word -> page.contains("`" + word + "`"));
        assertThat(Definition.KEYS).allMatch(key -> page.contains("| `" + key + "` |"));
    }
}
