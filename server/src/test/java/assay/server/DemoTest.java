package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `assay demo`, as somebody sees it who has never seen Assay.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DemoTest {
    @TempDir Path folder;

    private record Ran(int code, String out, String err) {}

    private Ran run(String input, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var main =
                new Main(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        int code =
                main.run(
                        List.of(words),
                        Map.of(
                                "HOME",
                                folder.toString(),
                                "ASSAY_DATA",
                                folder.resolve("data").toString()));
        return new Ran(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void plays_an_experiment_to_its_end_and_says_where_to_look_next() {
        var played = run("", "demo");
        assertThat(played.code()).isZero();
        assertThat(played.out())
                .contains("ship: 'restate' beats 'control' on 'solved'")
                .contains("Concluded with the winner 'restate'")
                .contains("It is kept as the tenant 'demo'. Where to look next:");
        assertThat(played.err().lines().toList())
                .first()
                .isEqualTo("[........................] planning");
        assertThat(played.err().lines().toList())
                .last()
                .asString()
                .startsWith("[########################] concluded after ");
        assertThat(played.err()).contains("250 conversations, look 1: keep_running");
        var fetch = Pattern.compile("fetch '(.*)' --tenant demo").matcher(played.out());
        assertThat(fetch.find()).isTrue();
        assertThat(run("", "fetch", fetch.group(1), "--tenant", "demo").out())
                .contains("\"status\": \"Concluded\"");
        var script = Pattern.compile("echo \"(.*certificate.*)\" \\|").matcher(played.out());
        assertThat(script.find()).isTrue();
        var certificate = run(script.group(1), "do", "-", "--tenant", "demo").out();
        assertThat(run(certificate, "verify", "-", "--tenant", "demo").out())
                .contains("\"finding\": \"same\"");
    }

    @Test
    void names_the_folder_where_a_command_would_look_into_another() {
        var other = folder.resolve("it's here").toString();
        var played = run("", "demo", "--data", other).out();
        var fetch = Pattern.compile("fetch '(.*)' --tenant demo --data '(.*)'\n").matcher(played);
        assertThat(fetch.find()).isTrue();
        assertThat(fetch.group(2).replace("'\\''", "'")).isEqualTo(other);
        assertThat(run("", "fetch", fetch.group(1), "--tenant", "demo", "--data", other).out())
                .contains("\"status\": \"Concluded\"");
    }

    @Test
    void leaves_a_folder_alone_that_is_only_to_be_read() {
        assertThat(run("", "demo", "--read-only").out()).contains("\"reason\": \"read_only\"");
    }
}
