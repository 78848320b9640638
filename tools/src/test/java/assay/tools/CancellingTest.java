package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.scripting.ChildProcessSandbox;
import assay.scripting.Host;
import assay.scripting.InProcessSandbox;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// A call whose thread is interrupted, at whatever instant, ends as a cancelled one.
@DisplayNameGeneration(ReplaceUnderscores.class)
class CancellingTest {
    private static final long LATEST_NANOS = 12_000_000;

    /// The first write of a tenant ends its script, to run it again with the lock taken.
    private static final String SCRIPT = "await $.Contact.create({ name: 'Ada' }); for (;;);";

    @TempDir Path data;

    @Test
    void at_any_instant_stops_its_script_and_keeps_nothing() throws Exception {
        try (var sandbox = new InProcessSandbox()) {
            cancelling(sandbox, 25);
        }
    }

    @Test
    void at_any_instant_stops_its_script_in_another_process_and_keeps_nothing() throws Exception {
        try (var sandbox = new ChildProcessSandbox(64L << 20, Optional.empty())) {
            cancelling(sandbox, 5);
        }
    }

    @Test
    void after_its_first_run_keeps_its_script_from_the_second() {
        try (var sandbox = new InProcessSandbox();
                var workspace = Workspace.with(new InterruptingAbandoned(sandbox), data)) {
            assertCancelled(Workspace.error(workspace.run(SCRIPT)));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(workspace.result("await $.Contact.count()")).hasToString("0");
        }
    }

    /// Files of hooks are scripts too, so there are ends of scripts that are not the end of the
    /// call.
    private void cancelling(Sandbox sandbox, int tenants) throws Exception {
        Files.createDirectories(data.resolve("hooks"));
        Files.writeString(
                data.resolve("hooks/notice.js"),
                "$.Experiment.started((experiment, $) => console.log(experiment.name))");
        var chance = new Random(11);
        try (var workspace = Workspace.with(sandbox, data)) {
            workspace.result("(await $.Contact.create({ name: 'Ada' })).name");
            for (var number = 0; number < tenants; number++) {
                var tenant = workspace.of("tenant" + number);
                var instant = chance.nextLong(LATEST_NANOS);
                assertCancelled(cancelled(tenant, instant));
                assertThat(tenant.result("await $.Contact.count()"))
                        .as("after %d ns", instant)
                        .hasToString("0");
            }
        }
    }

    private static void assertCancelled(ObjectNode error) {
        assertThat(error)
                .isEqualTo(
                        Workspace.json(
                                "{'reason': 'cancelled', 'message': 'The call was cancelled; nothing was kept.',"
                                        + " 'repair': 'Send it again if you still want the answer.'}"));
    }

    private static ObjectNode cancelled(Workspace workspace, long instant) throws Exception {
        var begun = new CountDownLatch(1);
        var call =
                new FutureTask<>(() -> {
                    begun.countDown();
                    return workspace.run(SCRIPT);
                });
        var thread = Thread.ofPlatform().start(call);
        begun.await();
        LockSupport.parkNanos(instant);
        thread.interrupt();
        return Workspace.error(call.get());
    }

    /// A sandbox whose caller is interrupted when a script has ended that is to be run again.
    private record InterruptingAbandoned(Sandbox sandbox) implements Sandbox {
        @Override
        public Outcome run(Script script, Host host) {
            var outcome = sandbox.run(script, host);
            if (outcome instanceof Outcome.Abandoned) {
                Thread.currentThread().interrupt();
            }
            return outcome;
        }

        @Override
        public void warm() {
            sandbox.warm();
        }

        @Override
        public void close() {
            sandbox.close();
        }
    }
}
