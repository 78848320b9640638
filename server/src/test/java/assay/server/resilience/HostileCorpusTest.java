package assay.server.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.http.HttpWire;
import assay.server.mcp.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Every script of the hostile corpus, sent to a server with a small heap while another client
/// calls `search`. Writes what it saw to docs/sandbox-hostile.md.
@Tag("heavy")
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class HostileCorpusTest {
    private static final Path CORPUS =
            Path.of("../scripting/src/test/resources/assay/scripting/hostile.txt");
    private static final Path TABLE = Path.of("../docs/sandbox-hostile.md");
    private static final long LIMIT_MILLIS = 1_000;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int ATTEMPTS = 3;

    /// An honest script that is busy for a while: what the other client has to live with anyway.
    private static final String ORDINARY =
            """
            let sum = 0
            for (let i = 0; i < 10; i++) sum += await $.Contact.count()
            const all = Array.from({ length: 50000 }, (_, i) => ({ i, half: i / 2 }))
            for (const each of all.filter(x => x.i % 3)) sum += each.half
            return JSON.stringify(all.slice(0, 1000)).length + sum
            """;

    @TempDir Path data;

    private record Case(String section, String script) {}

    /// What became of a case.
    ///
    /// @param late milliseconds that the answer came after the limit; negative when before
    /// @param taken by each answer to the other client, in nanoseconds
    /// @param lost whether a thread of the server went on
    private record Seen(String section, String end, double late, List<Long> taken, boolean lost) {
        /// Of the other client, in milliseconds.
        double p99() {
            return Searching.p99(taken);
        }

        boolean ranOutOfTime() {
            return end.startsWith("ran longer");
        }

        /// How late the later of two attempts was counts, and the quieter of two machines.
        Seen or(Seen other) {
            return new Seen(
                    section,
                    end,
                    Math.max(late, other.late),
                    p99() < other.p99() ? taken : other.taken,
                    lost || other.lost);
        }
    }

    @Test
    void no_script_harms_the_server_or_its_other_clients() throws Exception {
        var cases = cases();
        var inProcess = new Bench("in-process", data.resolve("in")).all(cases);
        var process = new Bench("process", data.resolve("apart")).all(cases);
        Files.writeString(TABLE, page(cases, inProcess, process));
        assertThat(cases).hasSizeGreaterThanOrEqualTo(120);
        assertThat(process.seen().stream().filter(Seen::lost)).isEmpty();
        assertThat(process.median()).isLessThanOrEqualTo(50);
        assertThat(process.worst()).isLessThanOrEqualTo(300);
        assertThat(process.slowest()).isLessThanOrEqualTo(5 * process.usual());
        // In the process the other client shares the heap with the script: the page says what that
        // costs.
    }

    private static List<Case> cases() throws IOException {
        var cases = new ArrayList<Case>();
        var section = "";
        for (var line : Files.readAllLines(CORPUS)) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (line.contains(" <- ")) {
                cases.add(new Case(section, line.substring(line.indexOf(" <- ") + 4)));
            }
        }
        return cases;
    }

    /// All that was seen with one sandbox.
    ///
    /// @param idle p99 of the other client while no script runs, in milliseconds
    /// @param usual the same beside an ordinary script
    /// @param load of the machine, beginning and end
    private record Report(String sandbox, double idle, double usual, String load, List<Seen> seen) {
        Report of(String section) {
            return new Report(
                    sandbox,
                    idle,
                    usual,
                    load,
                    seen.stream().filter(one -> one.section().equals(section)).toList());
        }

        private List<Double> late() {
            return seen.stream().filter(Seen::ranOutOfTime).map(Seen::late).sorted().toList();
        }

        double median() {
            return late().isEmpty() ? 0 : late().get(late().size() / 2);
        }

        double worst() {
            return late().isEmpty() ? 0 : late().getLast();
        }

        /// Of the other client in all cases together, in milliseconds.
        double p99() {
            return Searching.p99(seen.stream().flatMap(one -> one.taken().stream()).toList());
        }

        /// p99 of the other client in the worst case, in milliseconds.
        double slowest() {
            return seen.stream().mapToDouble(Seen::p99).max().orElse(0);
        }

        long lost() {
            return seen.stream().filter(Seen::lost).count();
        }

        /// How they ended, most frequent first.
        String ends() {
            return seen.stream()
                    .collect(Collectors.groupingBy(Seen::end, TreeMap::new, Collectors.counting()))
                    .entrySet()
                    .stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .map(each -> each.getValue() + " " + each.getKey())
                    .collect(Collectors.joining(", "));
        }
    }

    /// A server with one sandbox, and the two clients.
    private static final class Bench {
        private final String sandbox;
        private final Path folder;
        private Program program;
        private Searching other;
        private double idle;
        private double usual;

        Bench(String sandbox, Path folder) throws Exception {
            this.sandbox = sandbox;
            this.folder = folder;
            program = start();
            window("1", 20 * WINDOW_NANOS);
            keepContacts();
            other = searching();
        }

        /// One script each, and more than once if need be: on a busy machine the first ones of a
        /// new engine may take longer than the limit.
        private void keepContacts() {
            var create = "await $.Contact.create({ name: 'c' })\nreturn await $.Contact.count()";
            while (program.run(create, Json.object()).asInt(0) < 10) {
                Thread.onSpinWait();
            }
        }

        Report all(List<Case> cases) throws Exception {
            double before = load();
            window(ORDINARY, 20 * WINDOW_NANOS);
            other.begin();
            window(ORDINARY, 20 * WINDOW_NANOS);
            usual = Searching.p99(other.taken());
            other.begin();
            TimeUnit.NANOSECONDS.sleep(20 * WINDOW_NANOS);
            idle = Searching.p99(other.taken());
            var seen = new ArrayList<Seen>();
            for (var one : cases) {
                try {
                    seen.add(see(one));
                } catch (AssertionError lost) {
                    throw new AssertionError(sandbox + ": " + one.script(), lost);
                }
            }
            stop();
            return new Report(sandbox, idle, usual, "%.0f to %.0f".formatted(before, load()), seen);
        }

        private static double load() {
            return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        }

        /// A machine that was busy with something else is no fault of the script, so what looks bad
        /// is looked at again.
        private Seen see(Case one) throws Exception {
            var seen = attempt(one);
            for (int i = 1; i < ATTEMPTS && seen.p99() > 5 * usual; i++) {
                seen = seen.or(attempt(one));
            }
            return seen;
        }

        private Seen attempt(Case one) throws Exception {
            var script = one.script();
            // A process that has to be started first is no part of the case.
            program.run("1", Json.object());
            other.begin();
            long from = System.nanoTime();
            var end = end(program, script);
            double late = (System.nanoTime() - from) / 1e6 - LIMIT_MILLIS;
            window(script, WINDOW_NANOS - (System.nanoTime() - from));
            var taken = other.taken();
            assertThat(program.run("1 + 1", Json.object()).asInt(0)).isEqualTo(2);
            boolean lost = late > 80 && burnsOn();
            if (lost) {
                stop();
                program = start();
                other = searching();
            }
            return new Seen(one.section(), end, late, taken, lost);
        }

        private void window(String script, long nanos) {
            long until = System.nanoTime() + nanos;
            while (System.nanoTime() < until) {
                end(program, script);
            }
        }

        /// True when the server goes on working although nobody asks it for anything.
        private boolean burnsOn() throws Exception {
            other.close();
            boolean burns = true;
            // The compilers may have something left to do.
            for (int i = 0; i < ATTEMPTS && burns; i++) {
                Thread.sleep(200);
                var before = cpu();
                Thread.sleep(500);
                burns = cpu().minus(before).toMillis() > 150;
            }
            other = searching();
            return burns;
        }

        private Duration cpu() {
            return program.process().info().totalCpuDuration().orElse(Duration.ZERO);
        }

        private Program start() throws IOException {
            return Program.http(
                    folder,
                    List.of("-Xmx256m"),
                    "--sandbox",
                    sandbox,
                    "--script-time",
                    LIMIT_MILLIS + "ms");
        }

        private Searching searching() {
            return new Searching(Program.another((HttpWire) program.wire()));
        }

        private void stop() throws Exception {
            other.close();
            assertThat(program.process().isAlive()).isTrue();
            var children = program.process().descendants().toList();
            program.close();
            for (var child : children) {
                child.onExit().get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static String end(Program program, String script) {
        var id = program.askDo(script, JsonNodeFactory.instance.nullNode());
        var content = program.wire().await(id).path("result").path("structuredContent");
        return content.has("error") ? reason(content.get("error")) : "result";
    }

    private static String reason(JsonNode error) {
        var message = error.path("message").asString("");
        var reason = error.path("reason").asString("");
        if (!reason.equals("limit_exceeded")) {
            return reason;
        }
        return message.startsWith("The script ")
                ? message.substring("The script ".length())
                        .replaceFirst("[ ,]+(more|deeper) than.*|\\.$", "")
                        .replaceFirst(" its limit of [^ ]+ (ms|s)$", "")
                : reason;
    }

    private static String page(List<Case> cases, Report inProcess, Report process) {
        var page = new StringBuilder();
        page.append(
                """
                # Hostile scripts

                Written by `mvn verify -Pheavy -pl server -am` (HostileCorpusTest), which sends every script of the corpus
                to a server over HTTP with `-Xmx256m` and `--script-time 1s`, once with each sandbox, while another client calls
                `search` all the time. *Late* is how many milliseconds after the limit the answer reached the client, for scripts
                that ran until then. *p99* is the other client's, in milliseconds: in all cases of a class together, and in the
                worst of them. A script that ends soon is sent again until 400 ms are over. *Honest* is beside a busy ordinary
                script, which makes and filters 50,000 objects; *idle* is with no script at all. A case with a p99 beyond five
                times that beside the honest script is measured up to twice again; the best p99 counts, and the worst lateness.
                The server survived all of them.

                """);
        for (var report : List.of(inProcess, process)) {
            page.append(
                    """
                    ## Sandbox `%s`
                    p99 of the other client: idle %.1f, honest %.1f. Load average of the machine: %s.

                    | class | scripts | how they ended | late, median | late, worst | threads lost | p99 | worst p99 | to honest | to idle |
                    |---|---|---|---|---|---|---|---|---|---|
                    """
                            .formatted(
                                    report.sandbox(),
                                    report.idle(),
                                    report.usual(),
                                    report.load()));
            cases.stream()
                    .map(Case::section)
                    .distinct()
                    .forEach(section -> row(page, section, report.of(section)));
            row(page, "all", report);
            page.append('\n');
        }
        page.append(
                """
                ## What the sandbox in the process cannot stop
                Its caller is answered in time all the same, and another thread takes the place of the one that is lost; it holds
                a core until the server is started again.

                """);
        for (int i = 0; i < cases.size(); i++) {
            if (inProcess.seen().get(i).lost()) {
                page.append("- ").append(code(cases.get(i).script())).append('\n');
            }
        }
        var section = "";
        for (int i = 0; i < cases.size(); i++) {
            var one = cases.get(i);
            if (!one.section().equals(section)) {
                section = one.section();
                page.append(
                        """

                        ## %s
                        | script | in-process | late | p99 | process | late | p99 |
                        |---|---|---|---|---|---|---|
                        """
                                .formatted(
                                        section.substring(0, 1).toUpperCase(Locale.ROOT)
                                                + section.substring(1)));
            }
            page.append("| ").append(code(one.script()).replace("|", "\\|")).append(" |");
            cell(page, inProcess.seen().get(i));
            cell(page, process.seen().get(i));
            page.append('\n');
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String name, Report report) {
        page.append(
                "| %s | %d | %s | %.0f | %.0f | %d | %.1f | %.1f | %.1f | %.1f |\n"
                        .formatted(
                                name,
                                report.seen().size(),
                                name.equals("all") ? "" : report.ends(),
                                report.median(),
                                report.worst(),
                                report.lost(),
                                report.p99(),
                                report.slowest(),
                                report.slowest() / report.usual(),
                                report.slowest() / report.idle()));
    }

    private static void cell(StringBuilder page, Seen seen) {
        var late = seen.ranOutOfTime() ? "%.0f".formatted(seen.late()) : "";
        page.append(
                " %s%s | %s | %.1f |"
                        .formatted(
                                seen.end(), seen.lost() ? ", thread lost" : "", late, seen.p99()));
    }

    private static String code(String script) {
        return script.contains("`") ? "`` " + script + " ``" : "`" + script + "`";
    }
}
