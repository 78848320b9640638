package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.Checkout.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The script `./assay`, started from a shell as users and clients start it.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@DisplayNameGeneration(ReplaceUnderscores.class)
class LauncherIT {
    private static final String VERSION =
            "assay 0.1.0 on Java " + System.getProperty("java.runtime.version") + "\n";

    private static final String NO_JAVA =
            "assay: no Java 25 or newer was found. Install a JDK 25, or set ASSAY_JAVA to the folder"
                    + " of one, and start again.\n";

    @TempDir Path home;

    private static String withoutCommit(String line) {
        return line.replaceFirst(" \\([0-9a-f]{12}\\)", "");
    }

    @Nested
    class The_program_of_this_checkout {
        private Checkout assay;

        @BeforeEach
        void without_a_cache() {
            assay = Checkout.ofThisBuild(home).with("ASSAY_AOT", "off");
        }

        @Test
        void prints_its_version_on_standard_output_and_nothing_else() throws Exception {
            var ran = assay.run("--version");
            assertThat(new Ran(ran.code(), withoutCommit(ran.out()), ran.err()))
                    .isEqualTo(new Ran(0, VERSION, ""));
        }

        @Test
        void refuses_a_command_line_it_does_not_understand_with_exit_code_2() throws Exception {
            assertThat(assay.run("stdoi"))
                    .isEqualTo(
                            new Ran(
                                    2,
                                    "",
                                    "assay: There is no verb 'stdoi'. Did you mean 'stdio'? Run"
                                            + " assay --help for all verbs.\n"));
        }

        @Test
        void keeps_words_outside_ASCII_although_no_locale_is_set() throws Exception {
            assertThat(assay.run("ångström").err())
                    .isEqualTo(
                            "assay: There is no verb 'ångström'. Run assay --help for all"
                                    + " verbs.\n");
        }

        @Test
        void prints_a_block_for_a_client_with_absolute_paths() throws Exception {
            assertThat(assay.run("config", "--client", "vscode", "--data", "/data"))
                    .isEqualTo(
                            new Ran(
                                    0,
                                    """
                                    {
                                      "servers": {
                                        "assay": {
                                          "type": "stdio",
                                          "command": "%s",
                                          "args": [
                                            "stdio",
                                            "--data",
                                            "/data"
                                          ]
                                        }
                                      }
                                    }
                                    """
                                            .formatted(assay.launcher()),
                                    "Put this into .vscode/mcp.json in your project:\n"));
        }

        @Test
        void runs_through_a_symbolic_link_to_a_relative_one() throws Exception {
            var bin = Files.createDirectories(home.resolve("my bin"));
            var first = Files.createSymbolicLink(home.resolve("assay"), assay.launcher());
            var second = Files.createSymbolicLink(bin.resolve("assay"), Path.of("..", "assay"));
            assertThat(first).isSymbolicLink();
            assertThat(withoutCommit(assay.run(second, "--version").out())).isEqualTo(VERSION);
        }

        @Test
        void gets_the_words_of_ASSAY_JAVA_OPTS_after_the_launchers_own() throws Exception {
            var options = "-Dunused=* -Dassay.commit=c0ffee";
            assertThat(assay.with("ASSAY_JAVA_OPTS", options).run("--version").out())
                    .isEqualTo(VERSION.replace(" on", " (c0ffee) on"));
        }

        @Test
        void is_what_a_signal_to_the_launcher_reaches() throws Exception {
            var reading = assay.start(assay.launcher(), "do", "-");
            while (!reading.info().command().orElse("").endsWith("/bin/java")) {
                assertThat(reading.isAlive()).isTrue();
                Thread.sleep(20);
            }
            // By its handle: Process.destroy also closes the pipes, and the end of input ends it
            // too.
            reading.toHandle().destroy();
            assertThat(reading.waitFor()).isEqualTo(128 + 15);
        }
    }

    @Nested
    class The_search_for_a_Java {
        private Checkout assay;

        @BeforeEach
        void in_a_checkout_with_a_program(@TempDir Path folder) throws IOException {
            assay = Checkout.withLauncherAlone(folder, home).with("ASSAY_AOT", "off");
            assay.program("ran");
        }

        /// Takes the folders away in which a JDK is usually found.
        private void onAMachineWithoutJdks() throws IOException {
            var script = Files.readString(assay.launcher());
            Files.writeString(
                    assay.launcher(),
                    script.replace("'/usr/", "'/nowhere/")
                            .replace("'/opt/", "'/nowhere/")
                            .replace("'/Library/", "'/nowhere/"));
        }

        @Test
        void ends_with_one_plain_line_where_there_is_none() throws Exception {
            onAMachineWithoutJdks();
            assertThat(assay.with("JAVA_HOME", "").with("PATH", "/nowhere").run("--version"))
                    .isEqualTo(new Ran(69, "", NO_JAVA));
        }

        @Test
        void passes_over_a_Java_that_is_too_old() throws Exception {
            onAMachineWithoutJdks();
            assertThat(assay.with("JAVA_HOME", jdk("17.0.15").toString()).with("PATH", "/x").run())
                    .isEqualTo(new Ran(69, "", NO_JAVA));
        }

        @Test
        void refuses_an_ASSAY_JAVA_that_is_too_old() throws Exception {
            var old = jdk("1.8.0_492");
            assertThat(assay.with("ASSAY_JAVA", old.toString()).run())
                    .isEqualTo(
                            new Ran(
                                    69,
                                    "",
                                    "assay: ASSAY_JAVA is '%s', which is not a Java 25 or newer. Set it to such a JDK's folder, or unset it.\n"
                                            .formatted(old)));
        }

        @Test
        void takes_ASSAY_JAVA_as_a_folder_or_as_a_program() throws Exception {
            var java = Path.of(System.getProperty("java.home"));
            var without = assay.with("JAVA_HOME", "");
            assertThat(
                            List.of(
                                    without.with("ASSAY_JAVA", java.toString()).run(),
                                    without.with("ASSAY_JAVA", java + "/bin/java").run()))
                    .containsOnly(new Ran(0, "ran\n", ""));
        }

        @Test
        void takes_the_bundled_folder_before_JAVA_HOME() throws Exception {
            Files.createSymbolicLink(
                    assay.folder().resolve("jre"), Path.of(System.getProperty("java.home")));
            assertThat(assay.with("JAVA_HOME", jdk("99").toString()).run())
                    .isEqualTo(new Ran(0, "ran\n", ""));
        }

        @Test
        void finds_a_JDK_of_the_user_and_the_one_in_PATH() throws Exception {
            onAMachineWithoutJdks();
            var without = assay.with("JAVA_HOME", "");
            var java = Path.of(System.getProperty("java.home"));
            var inPath = without.with("PATH", java + "/bin:/usr/bin:/bin").run();
            var jdks = Files.createDirectories(home.resolve(".sdkman/candidates/java"));
            Files.createSymbolicLink(jdks.resolve("25-tem"), java);
            assertThat(List.of(inPath, without.run())).containsOnly(new Ran(0, "ran\n", ""));
        }

        /// A folder that looks like a JDK of some version, whose java only fails.
        private Path jdk(String version) throws IOException {
            var folder = Files.createDirectories(home.resolve("jdk-" + version));
            Files.writeString(
                    folder.resolve("release"),
                    "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
            program(Files.createDirectories(folder.resolve("bin")).resolve("java"), "exit 5\n");
            return folder;
        }
    }

    @Nested
    class The_build {
        private Checkout assay;
        private Path tools;

        /// A Maven that writes a line to its log and puts a program in place that prints `built`.
        @BeforeEach
        void in_a_checkout_with_a_Maven(@TempDir Path folder) throws IOException {
            tools = Files.createDirectories(home.resolve("tools"));
            Checkout.writeProgram(tools.resolve("built.jar"), "built");
            program(
                    tools.resolve("mvn"),
                    """
                    echo "$PWD $*" >>"$HOME/mvn.log"
                    echo noise on standard output
                    sleep 1
                    mkdir -p server/target/lib
                    cp "$HOME/tools/built.jar" server/target/assay.jar
                    """);
            assay =
                    Checkout.withLauncherAlone(folder, home)
                            .with("ASSAY_AOT", "off")
                            .with("ASSAY_BUILD", "")
                            .with("PATH", tools + ":/usr/bin:/bin");
        }

        private List<String> builds() throws IOException {
            var log = home.resolve("mvn.log");
            return Files.exists(log) ? Files.readAllLines(log) : List.of();
        }

        private void checkOut(Path git, String commit) throws IOException {
            Files.createDirectories(git.resolve("logs"));
            Files.writeString(git.resolve("HEAD"), commit + "\n");
            Files.writeString(git.resolve("logs/HEAD"), commit + "\n");
            var soon = FileTime.from(Instant.now().plusSeconds(60));
            Files.setLastModifiedTime(git.resolve("logs/HEAD"), soon);
        }

        @Test
        void is_done_on_first_use_and_keeps_off_standard_output() throws Exception {
            var ran = assay.run();
            assertThat(ran)
                    .isEqualTo(
                            new Ran(
                                    0,
                                    "built\n",
                                    """
                                    assay: building the program, which takes some minutes the first time
                                    noise on standard output
                                    assay: built
                                    """));
            assertThat(assay.run()).isEqualTo(new Ran(0, "built\n", ""));
            assertThat(builds())
                    .containsExactly(
                            assay.folder()
                                    + " -q -B -Dstyle.color=never -DskipTests"
                                    + " -Dspotless.check.skip=true package -pl server -am");
        }

        @Test
        void is_done_once_when_two_clients_start_at_once() throws Exception {
            var first = assay.start(assay.launcher());
            var second = assay.start(assay.launcher());
            assertThat(List.of(Checkout.finish(first).out(), Checkout.finish(second).out()))
                    .containsOnly("built\n");
            assertThat(builds()).hasSize(1);
        }

        @Test
        void is_done_again_when_a_start_was_killed_while_it_built() throws Exception {
            assay.program("half");
            var lock = Files.createDirectories(assay.folder().resolve("server/target/building"));
            var dead = assay.start(Path.of("/bin/sh"), "-c", "exit 0");
            dead.waitFor();
            Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
            assertThat(assay.run().out()).isEqualTo("built\n");
        }

        @Test
        void is_done_again_when_the_checkout_has_moved() throws Exception {
            var git = assay.folder().resolve(".git");
            checkOut(git, "1111111111111111111111111111111111111111");
            assay.run();
            assay.run();
            assertThat(builds()).hasSize(1);
            checkOut(git, "2222222222222222222222222222222222222222");
            assay.run();
            assay.run();
            assertThat(builds()).hasSize(2);
        }

        @Test
        void is_not_done_again_when_somebody_has_built_by_hand_since_the_move() throws Exception {
            checkOut(assay.folder().resolve(".git"), "1111111111111111111111111111111111111111");
            assay.program("by hand");
            var later = FileTime.from(Instant.now().plusSeconds(120));
            Files.setLastModifiedTime(assay.jar(), later);
            assertThat(assay.run()).isEqualTo(new Ran(0, "by hand\n", ""));
        }

        @Test
        void knows_the_branch_of_a_linked_worktree() throws Exception {
            var common = Files.createDirectories(home.resolve("main repository/.git"));
            var git = common.resolve("worktrees/x");
            checkOut(git, "ref: refs/heads/some/branch");
            Files.writeString(git.resolve("commondir"), "../..\n");
            Files.writeString(assay.folder().resolve(".git"), "gitdir: " + git + "\n");
            Files.writeString(
                    common.resolve("packed-refs"),
                    """
                    # pack-refs with: peeled fully-peeled sorted
                    3333333333333333333333333333333333333333 refs/heads/some/branch
                    4444444444444444444444444444444444444444 refs/heads/some/branch2
                    """);
            assay.run();
            var stamp = assay.folder().resolve("server/target/assay.commit");
            var packed = Files.readString(stamp);
            Files.createDirectories(common.resolve("refs/heads/some"));
            Files.writeString(
                    common.resolve("refs/heads/some/branch"),
                    "5555555555555555555555555555555555555555\n");
            assay.run();
            assertThat(List.of(packed, Files.readString(stamp)))
                    .containsExactly(
                            "3333333333333333333333333333333333333333\n",
                            "5555555555555555555555555555555555555555\n");
        }

        @Test
        void leaves_the_files_of_a_running_server_alone() throws Exception {
            assay.program("old");
            checkOut(assay.folder().resolve(".git"), "1111111111111111111111111111111111111111");
            try (var held = Files.newInputStream(assay.jar())) {
                var old = Files.readAllBytes(assay.jar());
                assertThat(assay.run().out()).isEqualTo("built\n");
                assertThat(held.readAllBytes()).isEqualTo(old);
            }
        }

        @Test
        void that_fails_ends_the_start_with_its_messages() throws Exception {
            program(tools.resolve("mvn"), "echo it is broken\nexit 1\n");
            assertThat(assay.run())
                    .isEqualTo(
                            new Ran(
                                    70,
                                    "",
                                    """
                                    assay: building the program, which takes some minutes the first time
                                    it is broken
                                    assay: the build failed; its messages are above.
                                    """));
            assertThat(assay.folder().resolve("server/target/building")).doesNotExist();
        }

        @Test
        void without_Maven_ends_with_one_plain_line() throws Exception {
            assertThat(assay.with("PATH", "/nowhere").run())
                    .isEqualTo(
                            new Ran(
                                    69,
                                    "",
                                    "assay: the program must be built, and there is no mvn. Install"
                                            + " Maven 3.8 or newer, and start again.\n"));
        }
    }

    @Nested
    class The_ahead_of_time_cache {
        private Checkout assay;

        @BeforeEach
        void in_a_checkout_with_a_program(@TempDir Path folder) throws IOException {
            assay = Checkout.withLauncherAlone(folder, home);
            assay.program("old");
        }

        @Test
        void is_made_in_the_background_and_never_shows() throws Exception {
            var without = assay.run("nouns");
            assay.awaitCacheBesides(List.of());
            assertThat(List.of(without, assay.run("nouns"))).containsOnly(new Ran(0, "old\n", ""));
        }

        @Test
        void is_the_same_however_the_launcher_is_called() throws Exception {
            var telling = assay.with("ASSAY_JAVA_OPTS", "-XshowSettings:properties");
            var inside = new Checkout(assay.folder(), assay.folder(), telling.environment());
            assertThat(cacheOf(inside.run(Path.of("./assay"), "nouns")))
                    .isEqualTo(cacheOf(telling.run("nouns")))
                    .endsWith("-core.aot");
        }

        private static String cacheOf(Ran ran) {
            return ran.err()
                    .lines()
                    .filter(line -> line.contains("assay.cache = "))
                    .findFirst()
                    .orElse("");
        }

        @Test
        void of_scripts_is_made_by_http_too_whose_scripts_run_in_processes_apart()
                throws Exception {
            assay.run("http");
            var first = assay.awaitCacheBesides(List.of());
            var second = assay.awaitCacheBesides(List.of(first));
            assertThat(List.of(first.toString(), second.toString()))
                    .satisfiesExactly(
                            core -> assertThat(core).endsWith("-core.aot"),
                            scripts -> assertThat(scripts).endsWith("-do.aot"));
        }

        @Test
        void does_not_outlive_the_code_it_was_made_of() throws Exception {
            assay.run("nouns");
            var old = assay.awaitCacheBesides(List.of());
            assertThat(assay.run("nouns").out()).isEqualTo("old\n");
            assay.program("new");
            assertThat(assay.run("nouns").out()).isEqualTo("new\n");
            assay.awaitCacheBesides(List.of(old));
            assertThat(assay.run("nouns").out()).isEqualTo("new\n");
        }

        @Test
        void may_be_damaged_without_harm_to_standard_output() throws Exception {
            assay.run("nouns");
            var cache = assay.awaitCacheBesides(List.of());
            for (var damage : List.of("", "not a cache", "x".repeat(100_000))) {
                Files.writeString(cache, damage);
                var ran = assay.run("nouns");
                assertThat(new Ran(ran.code(), ran.out(), "")).isEqualTo(new Ran(0, "old\n", ""));
            }
        }

        @Test
        void is_not_made_where_its_folder_cannot_be() throws Exception {
            Files.writeString(home.resolve(".cache"), "a file is in the way");
            assertThat(assay.run("nouns")).isEqualTo(new Ran(0, "old\n", ""));
        }

        @Test
        void is_not_made_without_a_home() throws Exception {
            assertThat(assay.with("HOME", "").run("nouns")).isEqualTo(new Ran(0, "old\n", ""));
        }

        @Test
        void is_not_made_when_it_is_switched_off() throws Exception {
            assertThat(assay.with("ASSAY_AOT", "off").run("nouns"))
                    .isEqualTo(new Ran(0, "old\n", ""));
            assertThat(home.resolve(".cache")).doesNotExist();
        }

        @Test
        void keeps_no_more_than_three_files_of_a_kind() throws Exception {
            var caches = Files.createDirectories(home.resolve(".cache/assay"));
            for (var name : List.of("1-1-core", "2-2-core", "3-3-core", "4-4-core")) {
                var file = Files.createFile(caches.resolve(name + ".aot"));
                Files.setLastModifiedTime(file, FileTime.fromMillis(name.charAt(0) * 1000L));
            }
            var old = assay.caches();
            assay.run("nouns");
            var made = assay.awaitCacheBesides(old);
            while (assay.caches().size() > 3) {
                Thread.sleep(50);
            }
            assertThat(assay.caches())
                    .containsExactlyInAnyOrder(
                            caches.resolve("3-3-core.aot"), caches.resolve("4-4-core.aot"), made);
        }
    }

    private static void program(Path file, String lines) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
