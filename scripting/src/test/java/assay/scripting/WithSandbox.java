package assay.scripting;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What every contract of a sandbox needs: one that is open, and short ways to run scripts in it.
/// The time-out is a guard against hanging, not a measurement.
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class WithSandbox {
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");

    /// Nothing that a test of the language could use up, however slow the machine.
    static final Limits AMPLE =
            new Limits(Duration.ofMinutes(2), 1L << 60, 1L << 34, 1_000, 10_000, 1_000_000);

    final Sandbox sandbox = open();

    /// Opens the sandbox that has to keep the contract.
    abstract Sandbox open();

    @AfterAll
    void close() {
        sandbox.close();
    }

    Outcome run(String source) {
        return run(source, AMPLE, new World());
    }

    Outcome run(String source, Limits limits) {
        return run(source, limits, new World());
    }

    Outcome run(String source, Host host) {
        return run(source, AMPLE, host);
    }

    Outcome run(String source, Limits limits, Host host) {
        return sandbox.run(script(source, limits), host);
    }

    static Script script(String source, Limits limits) {
        return new Script(source, "{\"list\": [1, {\"deep\": true}]}", World.API, NOW, 42, limits);
    }

    static Outcome returned(String json, String... logs) {
        return new Outcome.Returned(json, List.of(logs));
    }

    static Outcome threw(String message, int line, int column, String text) {
        return new Outcome.Threw(message, at(line, column, text), Optional.empty(), List.of());
    }

    static Outcome threwNowhere(String message) {
        return new Outcome.Threw(message, Optional.empty(), Optional.empty(), List.of());
    }

    static Outcome refused(String message, String refusal, int line, int column, String text) {
        return new Outcome.Threw(message, at(line, column, text), Optional.of(refusal), List.of());
    }

    static Outcome unreadable(String message, int line, int column, String text) {
        return new Outcome.Unreadable(message, at(line, column, text), Optional.empty(), List.of());
    }

    static Outcome unreadable(String message, String repair, int line, int column, String text) {
        return new Outcome.Unreadable(
                message, at(line, column, text), Optional.of(repair), List.of());
    }

    private static Optional<Outcome.Position> at(int line, int column, String text) {
        return Optional.of(new Outcome.Position(line, column, text));
    }
}
