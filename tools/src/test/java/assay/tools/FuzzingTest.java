package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The two fuzzers, each in a process of its own, for 600 seconds or `-Dassay.fuzz.seconds`. See
/// docs/fuzzing.md.
@Tag("heavy")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 6, unit = TimeUnit.HOURS)
class FuzzingTest {
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
    private static final String SECONDS = System.getProperty("assay.fuzz.seconds", "600");

    @TempDir Path folder;

    @Test
    void no_text_breaks_what_reads_scripts() throws Exception {
        fuzz("assay.scripting.ScriptTextFuzz", "script-text");
    }

    @Test
    void no_value_breaks_the_border_between_scripts_and_the_host() throws Exception {
        fuzz("assay.tools.JsonBorderFuzz", "json-border");
    }

    private void fuzz(String target, String name) throws IOException, InterruptedException {
        var corpus = Files.createDirectory(folder.resolve("corpus"));
        var seeds = Path.of("src/test/resources/assay/fuzzing", name);
        var log = folder.resolve("log");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Djava.io.tmpdir=" + folder,
                                "-Xmx1g",
                                "-Xss64m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "com.code_intelligence.jazzer.Jazzer",
                                "--target_class=" + target,
                                "--instrumentation_includes=assay.**",
                                "--custom_hook_includes=assay.**",
                                "--reproducer_path=" + folder,
                                "-artifact_prefix=" + folder + "/",
                                "-dict=" + seeds.resolveSibling("words.dict"),
                                "-max_total_time=" + SECONDS,
                                "-timeout=120",
                                "-rss_limit_mb=4096",
                                corpus.toString(),
                                seeds.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        int exit = process.waitFor();
        var said = Files.readString(log);
        assertThat(exit).as(said.substring(Math.max(0, said.length() - 8_000))).isZero();
        var done = DONE.matcher(said);
        assertThat(done.find()).isTrue();
        System.out.println(target + ": " + done.group());
    }
}
