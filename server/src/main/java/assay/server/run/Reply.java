package assay.server.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What came back for a question.
sealed interface Reply {
    /// The model's answer.
    ///
    /// @param cost in US dollars, where the endpoint tells it
    record Said(
            String text,
            OptionalLong inputTokens,
            OptionalLong outputTokens,
            OptionalDouble cost,
            Duration latency)
            implements Reply {}

    /// The model was reached and gave no answer that can be used, which is an outcome of its
    /// prompt.
    record Failed(String why) implements Reply {}

    /// This question cannot be answered, though others may: it is too long, or something in it is
    /// not allowed.
    record Rejected(String why) implements Reply {}

    /// It may be answered when it is asked again.
    ///
    /// @param isBusy the endpoint takes no questions for now, whosever they are
    /// @param isReached a model may have worked on it
    /// @param after how long to wait at least, as the endpoint says
    record Unavailable(String why, boolean isBusy, boolean isReached, Optional<Duration> after)
            implements Reply {}

    /// No question will be answered as things are: a wrong key, model or address.
    record Misconfigured(String why) implements Reply {}
}
