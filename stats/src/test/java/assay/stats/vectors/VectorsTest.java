package assay.stats.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VectorsTest {
    static List<Path> files() throws IOException {
        return Vectors.files(Path.of("src/test/resources/vectors"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_case_agrees_with_its_reference(Path file, TestReporter reporter) {
        var score = Score.of(file);
        reporter.publishEntry(score.toString());
        assertThat(score.failures()).isEmpty();
    }
}
