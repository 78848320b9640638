package assay.scripting;

import java.util.List;
import java.util.Optional;

/// How a script ended. Scripts are written by agents, so failing is an ordinary result, not an
/// exception.
public sealed interface Outcome {
    /// Lines written through `console`, in order.
    List<String> logs();

    /// The script came to its end.
    ///
    /// @param json its value as JSON text, `null` when it has none
    record Returned(String json, List<String> logs) implements Outcome {}

    /// The script threw.
    ///
    /// @param message what it threw, at most 600 characters
    /// @param refusal the JSON object of the host's refusal when that is what was thrown
    record Threw(String message, Optional<Position> at, Optional<String> refusal, List<String> logs)
            implements Outcome {}

    /// The text is neither JavaScript nor TypeScript that is JavaScript without its types.
    ///
    /// @param repair what to do about it, where the mistake is a known one
    record Unreadable(
            String message, Optional<Position> at, Optional<String> repair, List<String> logs)
            implements Outcome {}

    /// The script used up one of its limits and was stopped.
    ///
    /// @param detail a sentence that names the limit and its value
    record OverLimit(Limit limit, String detail, List<String> logs) implements Outcome {}

    /// The calling thread was interrupted, and the script was stopped for that reason.
    record Cancelled(List<String> logs) implements Outcome {}

    /// The host ended the script with [Host.Answer.Abandon].
    record Abandoned(String why, List<String> logs) implements Outcome {}

    /// A place in the agent's own text.
    ///
    /// @param line 1-based
    /// @param column 1-based
    /// @param text the line, at most 200 characters
    record Position(int line, int column, String text) {}

    /// What can be used up.
    enum Limit {
        TIME,
        STATEMENTS,
        MEMORY,
        STACK,
        HOST_CALLS,
        LOGS,
        RESULT,
        /// Awaits a promise that nothing can settle any more.
        PENDING
    }
}
