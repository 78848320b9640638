package assay.scripting;

/// The other side of `$`: what a script's calls reach. Called on one thread at a time. Never
/// throws. May run another script before it answers.
@FunctionalInterface
public interface Host {
    /// Answers one call.
    ///
    /// @param function the name as the script wrote it after `$.`, for instance `Experiment.create`
    /// @param arguments JSON text of the array of arguments
    Answer call(String function, String arguments);

    /// Hears of a line that the script writes, at once. The outcome has all of them; who hears them
    /// has them also if the outcome never comes.
    default void logged(String line) {}

    /// What a call came to.
    sealed interface Answer {
        /// The value, as JSON text.
        record Value(String json) implements Answer {}

        /// The call is refused: the script sees an Error with the members of this JSON object,
        /// `message` among them, and may catch it.
        record Refusal(String json) implements Answer {}

        /// The script must end here and now, uncatchably, because its host wants to run it again.
        record Abandon(String why) implements Answer {}
    }
}
