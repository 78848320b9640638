package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples do what they say.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExamplesTest {
    @TempDir Path data;

    @Test
    void the_prompt_experiment_concludes_with_the_better_variant() throws Exception {
        try (var workspace = new Workspace(data)) {
            var concluded =
                    workspace.result(Files.readString(Path.of("../examples/prompt-experiment.js")));
            assertThat(concluded.path("status").stringValue()).isEqualTo("Concluded");
            assertThat(concluded.path("winner").stringValue()).isEqualTo("restate");
            assertThat(concluded.path("sampleSize").intValue()).isEqualTo(2000);
            System.err.println(concluded.toPrettyString());
        }
    }
}
