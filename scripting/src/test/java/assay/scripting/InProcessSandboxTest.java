package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class InProcessSandboxTest extends SandboxContract {
    /// Loops inside a built-in function that nothing can interrupt, for a while.
    private static final String UNSTOPPABLE =
            "Array.prototype.lastIndexOf.call({ length: 5000000 }, 1); await $.search()";

    @Override
    Sandbox open() {
        return new InProcessSandbox();
    }

    @Nested
    class A_script_that_cannot_be_stopped {
        @Test
        void is_counted_until_it_ends_and_its_caller_is_answered_in_time() throws Exception {
            var world = new World();
            try (var own = new InProcessSandbox()) {
                own.warm();
                var limits = LimitsContract.time(Duration.ofMillis(100));
                var outcome = own.run(script(UNSTOPPABLE, limits), world);
                assertThat(outcome)
                        .isEqualTo(
                                LimitsContract.over(
                                        Outcome.Limit.TIME,
                                        "The script ran longer than its limit of 100 ms."));
                assertThat(own.stuck()).isEqualTo(1);
                assertThat(own.run(script("5", AMPLE), world)).isEqualTo(returned("5"));
                while (own.stuck() > 0) {
                    Thread.sleep(5);
                }
                assertThat(world.calls()).isEmpty();
            }
        }
    }

    @Nested
    class A_script_that_fills_the_heap {
        @Test
        void is_stopped_before_others_in_the_process_are_harmed() throws Exception {
            var process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx160m",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    SmallHeap.class.getName())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var stopped =
                    "OverLimit[limit=MEMORY, detail=The script held more memory than this server has to spare., logs=[]]\n";
            assertThat(said).isEqualTo(stopped.repeat(3) + "0 failures, true\n");
        }
    }

    @Nested
    class Scripts_that_leave_no_memory_to_anybody {
        @Tag("heavy")
        @Test
        void are_all_answered_and_leave_no_thread_behind() throws Exception {
            var process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx48m",
                                    "-XX:+UseSerialGC",
                                    "--enable-native-access=ALL-UNNAMED",
                                    "--sun-misc-unsafe-memory-access=allow",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    CrowdedHeap.class.getName(),
                                    "3")
                            .redirectErrorStream(true)
                            .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).isEqualTo("18 answered, 0 of them by an exception\n2\n0 stuck\n");
        }
    }

    @Nested
    class The_engine {
        @Test
        void is_not_loaded_before_the_first_script() throws Exception {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var process =
                    new ProcessBuilder(
                                    java,
                                    "-verbose:class",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    ColdStart.class.getName())
                            .redirectErrorStream(true)
                            .start();
            var loaded =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(loaded)
                    .contains("stuck 0", InProcessSandbox.class.getName())
                    .doesNotContain("org.graalvm", "com.oracle.truffle");
        }

        @Test
        void keeps_nothing_of_the_scripts_it_has_run() {
            runMany();
            long before = heapBytes();
            runMany();
            assertThat(heapBytes() - before).isLessThan(3_000_000);
        }

        private void runMany() {
            for (int i = 0; i < 150; i++) {
                run("globalThis.all = Array(100).fill(%d); await $.search(all)".formatted(i));
            }
        }

        private static long heapBytes() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
    }

    @Nested
    class Closing {
        @Test
        void cancels_what_is_running() throws Exception {
            var begun = new CountDownLatch(1);
            var outcomes = new CopyOnWriteArrayList<Outcome>();
            var own = new InProcessSandbox();
            Host host =
                    (_, _) -> {
                        begun.countDown();
                        return new Host.Answer.Value("1");
                    };
            var caller =
                    Thread.startVirtualThread(() ->
                            outcomes.add(
                                    own.run(script("await $.search(); for (;;);", AMPLE), host)));
            begun.await();
            own.close();
            caller.join();
            assertThat(outcomes).isEqualTo(List.of(new Outcome.Cancelled(List.of())));
        }
    }

    @Nested
    class The_host {
        @Test
        void is_never_interrupted_when_its_script_is_stopped() {
            var interrupted = new AtomicBoolean();
            Host host =
                    (_, _) -> {
                        try {
                            Thread.sleep(300);
                        } catch (InterruptedException seen) {
                            interrupted.set(true);
                        }
                        return new Host.Answer.Value("1");
                    };
            run("for (;;) await $.search()", LimitsContract.time(Duration.ofMillis(250)), host);
            assertThat(interrupted).isFalse();
        }
    }
}
