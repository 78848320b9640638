package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/prompts.md shows scripts that run as they stand.
@DisplayNameGeneration(ReplaceUnderscores.class)
class PromptsGuideTest {
    private static final Path GUIDE = Path.of("../docs/prompts.md");
    private static final Pattern BLOCK = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL);

    @TempDir Path data;

    @Test
    void its_scripts_run_one_after_the_other() throws Exception {
        try (var workspace = new Workspace(data)) {
            var scripts =
                    BLOCK.matcher(Files.readString(GUIDE))
                            .results()
                            .map((MatchResult block) -> block.group(1))
                            .toList();
            assertThat(scripts).isNotEmpty();
            assertThat(workspace.result(scripts.getFirst()))
                    .isEqualTo(
                            Workspace.list(
                                    "['support-reply@1', 'support-reply@2', ['customer.name', 'question']]"));
            scripts.stream().skip(1).forEach(workspace::result);
        }
    }
}
