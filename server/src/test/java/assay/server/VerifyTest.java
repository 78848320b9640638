package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `assay verify`, from the words of a shell to the exit code.
@DisplayNameGeneration(ReplaceUnderscores.class)
class VerifyTest {
    private static final String CONCLUDE =
            """
            const { $id } = await $.Experiment.create({ name: 'x', primaryMetric: 'bought', variants: ['control', 'treatment'] })
            await $.Experiment.start($id)
            const people = Array.from({ length: 1000 }, (_, i) => 'person-' + i)
            const given = await $.Experiment.assign($id, people)
            await $.Experiment.record($id, people
              .filter((_, i) => i % 10 < (given[i].key === 'treatment' ? 5 : 3))
              .map(subject => ({ subject })))
            await $.Experiment.conclude($id)
            return $.Experiment.certificate($id)
            """;

    @TempDir Path folder;
    private Path file = Path.of("");

    private record Ran(int code, String out) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    private Ran run(String input, String... words) {
        var out = new ByteArrayOutputStream();
        var main =
                new Main(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        out,
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        int code =
                main.run(
                        List.of(words),
                        Map.of(
                                "HOME",
                                folder.toString(),
                                "ASSAY_DATA",
                                folder.resolve("data").toString()));
        return new Ran(code, out.toString(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void conclude() throws IOException {
        // The reply of do is taken as it is: the certificate is its result.
        file =
                Files.writeString(
                        folder.resolve("certificate.json"), run(CONCLUDE, "do", "-").out());
    }

    @Test
    void says_that_nothing_has_changed() {
        var ran = run("", "verify", file.toString());
        assertThat(ran.json().path("finding").stringValue()).isEqualTo("same");
        assertThat(ran.code()).isZero();
    }

    @Test
    void says_which_data_were_changed() throws Exception {
        try (var connection =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + folder.resolve("data").resolve("default.db"));
                var statement = connection.createStatement()) {
            var _ = statement.executeUpdate("DELETE FROM event WHERE subject = 'person-3'");
        }
        var ran = run("", "verify", file.toString());
        assertThat(ran.json().path("finding").stringValue()).isEqualTo("data_changed");
        assertThat(ran.json().path("differences").get(0).stringValue())
                .isEqualTo("exposures: 1000 then, 999 now");
        assertThat(ran.code()).isEqualTo(3);
    }

    @Test
    void says_that_a_certificate_was_edited() throws Exception {
        var edited =
                Files.readString(file)
                        .replaceFirst("\"winner\": \"treatment\"", "\"winner\": \"control\"");
        var ran = run(edited, "verify", "-");
        assertThat(ran.json().path("finding").stringValue()).isEqualTo("edited");
        assertThat(ran.code()).isEqualTo(5);
    }

    @Test
    void refuses_what_is_no_certificate() throws Exception {
        var ran = run("{}", "verify", "-");
        assertThat(ran.json().path("error").path("reason").stringValue())
                .isEqualTo("invalid_value");
        assertThat(ran.code()).isEqualTo(1);
        assertThat(run("", "verify", folder.resolve("none").toString()).code()).isEqualTo(2);
        assertThat(run("nonsense", "verify", "-").code()).isEqualTo(2);
    }
}
