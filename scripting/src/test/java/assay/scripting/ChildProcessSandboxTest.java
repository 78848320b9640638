package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ChildProcessSandboxTest extends SandboxContract {
    private static final long HEAP = 64L << 20;

    @Override
    Sandbox open() {
        // A busy machine must not look like a script that cannot be stopped.
        return new ChildProcessSandbox(64L << 20, Optional.empty(), Duration.ofSeconds(20));
    }

    @Nested
    class A_script_that_holds_too_much {
        @Test
        void is_stopped_and_the_next_finds_room() {
            assertThat(run("const all = []; for (;;) all.push(new Uint8Array(1e6))"))
                    .isEqualTo(
                            LimitsContract.over(
                                    Outcome.Limit.MEMORY,
                                    "The script held more than its limit of 67,108,864 bytes of"
                                            + " memory."));
            assertThat(
                            run(
                                    "const all = []; while (all.length < 60) all.push(new Uint8Array(1e6)); all.length"))
                    .isEqualTo(returned("60"));
        }

        @Test
        void is_not_confused_with_one_that_only_allocates_much() {
            assertThat(run("let n = 0; while (n < 150e6) n += new Uint8Array(1e6).length; n"))
                    .isEqualTo(returned("150000000"));
        }
    }

    @Nested
    class A_process_that_ends_by_itself {
        @Test
        void ends_its_script_and_nobody_elses() {
            var killed = new AtomicInteger();
            Host host =
                    (_, _) -> {
                        children()
                                .forEach(child -> {
                                    child.destroyForcibly();
                                    child.onExit().join();
                                    killed.incrementAndGet();
                                });
                        return new Host.Answer.Value("1");
                    };
            var message = "The process that ran the script ended before the script did.";
            try (var own = new ChildProcessSandbox(HEAP, Optional.empty())) {
                var source = "console.log('one'); console.log('two'); await $.search(); 5";
                assertThat(own.run(script(source, AMPLE), host))
                        .isEqualTo(
                                new Outcome.Threw(
                                        message,
                                        Optional.empty(),
                                        Optional.of(
                                                "{\"reason\":\"internal\",\"message\":\"%s\",\"repair\":\"Send the script again: nothing of this run was kept.\"}"
                                                        .formatted(message)),
                                        List.of("one", "two")));
                assertThat(killed.get()).isPositive();
                assertThat(own.run(script("5", AMPLE), new World())).isEqualTo(returned("5"));
            }
        }

        private static Stream<ProcessHandle> children() {
            return ProcessHandle.current().children();
        }
    }

    @Nested
    class The_processes {
        @Test
        @Tag("heavy")
        void beyond_two_are_ended_when_nobody_uses_them() throws Exception {
            int scripts = Math.min(2, Runtime.getRuntime().availableProcessors());
            var all = new CyclicBarrier(scripts);
            Host host =
                    (_, _) -> {
                        try {
                            return new Host.Answer.Value(Integer.toString(all.await() * 0));
                        } catch (InterruptedException | BrokenBarrierException failed) {
                            throw new IllegalStateException(failed);
                        }
                    };
            var rest = Duration.ofMillis(10);
            try (var own =
                            new ChildProcessSandbox(
                                    HEAP, Optional.empty(), Duration.ofSeconds(20), rest);
                    var callers = Executors.newFixedThreadPool(scripts)) {
                Callable<Outcome> one = () -> own.run(script("await $.search()", AMPLE), host);
                for (int i = 0; i < 2; i++) {
                    for (var outcome : callers.invokeAll(Collections.nCopies(scripts, one))) {
                        assertThat(outcome.get()).isEqualTo(returned("0"));
                    }
                }
                while (own.processes() > 2) {
                    Thread.sleep(5);
                }
                assertThat(own.run(script("5", AMPLE), new World())).isEqualTo(returned("5"));
            }
        }

        @Tag("heavy")
        @Test
        void do_not_outlive_a_parent_that_is_killed() throws Exception {
            var parent =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Orphans.class.getName())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            assertThat(parent.inputReader().readLine()).isEqualTo("5");
            var children = parent.children().toList();
            assertThat(children).isNotEmpty();
            parent.destroyForcibly();
            for (var child : children) {
                child.onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }
}
