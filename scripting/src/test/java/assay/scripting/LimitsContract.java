package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// How a sandbox ends scripts that do not end by themselves, and what it says about that.
abstract class LimitsContract extends WithSandbox {
    /// Instants that a test tries when any one could be the wrong one.
    abstract int instants();

    @Nested
    class A_script_that_uses_up {
        @Test
        void its_time_is_stopped() {
            assertThat(run("for (;;);", time(Duration.ofMillis(300))))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.TIME,
                                    "The script ran longer than its limit of 300 ms."));
        }

        @Test
        void its_statements_is_stopped() {
            assertThat(run("let n = 0; for (;;) n++", statements(100_000)))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.STATEMENTS,
                                    "The script executed more than its limit of 100,000"
                                            + " statements."));
        }

        @Test
        void its_memory_is_stopped() {
            assertThat(run("const all = []; for (;;) all.push({ a: [] })", memory(50_000_000)))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.MEMORY,
                                    "The script allocated more than its limit of 50,000,000"
                                            + " bytes of memory."));
        }

        @Test
        void its_stack_is_stopped() {
            assertThat(run("const f = () => f() + 1; f()", AMPLE))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.STACK,
                                    "The script called functions inside functions, deeper than the"
                                            + " limit of 1,000."));
        }

        @Test
        void its_calls_is_stopped() {
            var world = new World();
            assertThat(
                            run(
                                    "for (;;) try { await $.Event.create(1) } catch {}",
                                    new Limits(Duration.ofMinutes(2), 1L << 60, 1L << 34, 3, 9, 9),
                                    world))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.HOST_CALLS,
                                    "The script made more than its limit of 3 calls of functions of"
                                            + " $."));
            assertThat(world.calls()).hasSize(3);
        }

        @Test
        void its_log_is_stopped_and_keeps_what_fits() {
            assertThat(
                            run(
                                    "for (;;) try { console.log('abcd') } catch {}",
                                    new Limits(
                                            Duration.ofMinutes(2), 1L << 60, 1L << 34, 3, 12, 9)))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.LOGS,
                                    "The script logged more than its limit of 12 characters.",
                                    "abcd",
                                    "abcd",
                                    "ab"));
        }

        @Test
        void its_result_is_refused() {
            var limits = new Limits(Duration.ofMinutes(2), 1L << 60, 1L << 34, 3, 9, 9);
            assertThat(run("'1234567'", limits)).isEqualTo(returned("\"1234567\""));
            assertThat(run("'12345678'", limits))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.RESULT,
                                    "The script returned more than its limit of 9 characters of"
                                            + " JSON."));
        }

        @Test
        void all_that_could_settle_its_promise_is_told_so() {
            assertThat(run("await new Promise(() => {})"))
                    .isEqualTo(
                            over(
                                    Outcome.Limit.PENDING,
                                    "The script awaits a promise that nothing can settle any"
                                            + " more."));
        }

        @Test
        void statements_that_nobody_counts_is_left_alone() {
            assertThat(
                            run(
                                    "let n = 0; for (let i = 0; i < 1e5; i++) n++; n",
                                    statements(Long.MAX_VALUE)))
                    .isEqualTo(returned("100000"));
        }

        @Test
        void nothing_but_a_million_statements_is_left_alone() {
            assertThat(
                            run(
                                    "let n = 0; for (let i = 0; i < 1e6; i++) n += i % 7; n",
                                    statements(Limits.DEFAULT.statements())))
                    .isEqualTo(returned("2999997"));
        }
    }

    @Nested
    class A_limit {
        @Test
        void cannot_be_caught() {
            var world = new World();
            assertThat(
                            run(
                                    """
                                    const f = async () => { for (;;); }
                                    try { await f() } catch { await $.search() } finally { await $.search() }\
                                    """,
                                    statements(10_000),
                                    world))
                    .isInstanceOf(Outcome.OverLimit.class);
            assertThat(world.calls()).isEmpty();
        }

        @Test
        void of_memory_does_not_count_what_the_host_allocates() {
            Host host =
                    (_, _) -> {
                        var bytes = new byte[20_000_000];
                        return new Host.Answer.Value(Integer.toString(bytes.length));
                    };
            assertThat(
                            run(
                                    "let n = 0; for (let i = 0; i < 20; i++) n += await $.search(); n",
                                    memory(100_000_000),
                                    host))
                    .isEqualTo(returned("400000000"));
        }

        @Test
        void of_time_is_kept_while_the_host_is_busy_and_the_script_does_not_go_on_after() {
            var world = new World();
            var patience = new CountDownLatch(1);
            Host host =
                    (function, arguments) -> {
                        world.call(function, arguments);
                        awaitQuietly(patience);
                        return new Host.Answer.Value("1");
                    };
            var outcome =
                    run("await $.search(1); await $.search(2)", time(Duration.ofSeconds(1)), host);
            patience.countDown();
            assertThat(outcome)
                    .isEqualTo(
                            over(
                                    Outcome.Limit.TIME,
                                    "The script ran longer than its limit of 1 s."));
            assertThat(run("5")).isEqualTo(returned("5"));
            assertThat(world.calls()).containsExactly("search[1]");
        }
    }

    @Nested
    class Interrupting_the_caller {
        @Test
        void stops_the_script() throws Exception {
            assertThat(interrupted("console.log('busy'); await $.search(); for (;;);"))
                    .isEqualTo("Cancelled[logs=[busy]] false");
        }

        @Test
        void beforehand_keeps_the_script_from_running() {
            Thread.currentThread().interrupt();
            assertThat(run("1")).isEqualTo(new Outcome.Cancelled(List.of()));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(run("1")).isEqualTo(returned("1"));
        }

        @Test
        void waits_for_a_call_of_the_host_to_end() throws Exception {
            var begun = new CountDownLatch(1);
            var patience = new CountDownLatch(1);
            var world = new World();
            Host host =
                    (function, arguments) -> {
                        begun.countDown();
                        awaitQuietly(patience);
                        return world.call(function, arguments);
                    };
            var outcome = new AtomicReference<Outcome>();
            var caller =
                    Thread.ofVirtual()
                            .start(() ->
                                    outcome.set(run("await $.search(1); await $.search(2)", host)));
            begun.await();
            caller.interrupt();
            assertThat(caller.join(Duration.ofMillis(300))).isFalse();
            patience.countDown();
            caller.join();
            assertThat(outcome.get()).isEqualTo(new Outcome.Cancelled(List.of()));
            assertThat(world.calls()).containsExactly("search[1]");
        }

        @Test
        void while_its_script_ends_for_another_reason_is_used_up_or_left_and_never_lost() {
            var chance = new Random(7);
            for (int round = 0; round < instants(); round++) {
                long instant = chance.nextInt(1_500_000);
                var called = new CountDownLatch(1);
                var caller = Thread.currentThread();
                var interrupter =
                        Thread.ofPlatform()
                                .start(() -> {
                                    awaitQuietly(called);
                                    long since = System.nanoTime();
                                    while (System.nanoTime() - since < instant) {
                                        Thread.onSpinWait();
                                    }
                                    caller.interrupt();
                                });
                var outcome =
                        run(
                                "await $.search()",
                                (_, _) -> {
                                    called.countDown();
                                    return new Host.Answer.Abandon("another was first");
                                });
                var left = Thread.interrupted();
                while (interrupter.isAlive()) {
                    Thread.onSpinWait();
                }
                left |= Thread.interrupted();
                var cancelled = new Outcome.Cancelled(List.of());
                var abandoned = new Outcome.Abandoned("another was first", List.of());
                assertThat(outcome)
                        .as("round %d, %d ns", round, instant)
                        .isEqualTo(left ? abandoned : cancelled);
            }
        }

        @Test
        void at_any_instant_stops_the_script() {
            var chance = new Random(8);
            for (int round = 0; round < instants(); round++) {
                long instant = chance.nextInt(3_000_000);
                var caller = Thread.currentThread();
                Thread.ofPlatform()
                        .start(() -> {
                            LockSupport.parkNanos(instant);
                            caller.interrupt();
                        });
                assertThat(run("await $.search(); for (;;);", AMPLE))
                        .as("round %d, %d ns", round, instant)
                        .isEqualTo(new Outcome.Cancelled(List.of()));
                assertThat(Thread.interrupted()).isFalse();
            }
        }

        private String interrupted(String source) throws InterruptedException {
            var begun = new CountDownLatch(1);
            Host host =
                    (_, _) -> {
                        begun.countDown();
                        return new Host.Answer.Value("1");
                    };
            var report = new AtomicReference<String>();
            var caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                var outcome = run(source, host);
                                report.set(outcome + " " + Thread.currentThread().isInterrupted());
                            });
            begun.await();
            Thread.sleep(50);
            caller.interrupt();
            caller.join();
            return report.get();
        }
    }

    static Outcome over(Outcome.Limit limit, String detail, String... logs) {
        return new Outcome.OverLimit(limit, detail, List.of(logs));
    }

    static Limits time(Duration time) {
        return new Limits(time, 1L << 60, 1L << 34, 1_000, 10_000, 1_000_000);
    }

    static Limits statements(long statements) {
        return new Limits(Duration.ofMinutes(2), statements, 1L << 34, 1_000, 10_000, 1_000_000);
    }

    static Limits memory(long bytes) {
        return new Limits(Duration.ofMinutes(2), 1L << 60, bytes, 1_000, 10_000, 1_000_000);
    }

    static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
