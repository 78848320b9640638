package assay.scripting;

/// One message between a sandbox and the process that runs its scripts.
///
/// The sandbox sends `Run`, `Cancel` and `Answer`, the process `Ready`, `Logged`, `Call` and
/// `Ended`. What is asked last is answered first: while a call waits for its answer, another script
/// may be run.
sealed interface Frame {
    /// The process has started, and its engine is warm.
    record Ready() implements Frame {}

    /// Run a script.
    ///
    /// @param number tells this run from the others of the process
    record Run(int number, Script script) implements Frame {}

    /// Stop a script that was started while no other one ran.
    record Cancel(int number) implements Frame {}

    /// The script that was started last calls its host.
    record Call(String function, String arguments) implements Frame {}

    /// The script that was started last has written a line. `Ended` has it once more.
    record Logged(String line) implements Frame {}

    /// What the host answers to the last call.
    record Answer(Host.Answer given) implements Frame {}

    /// A script has come to its end: the one that was started last, unless one that waits for it
    /// was given up before.
    ///
    /// @param spent whether the process should not be used again
    record Ended(int number, Outcome outcome, boolean spent) implements Frame {}
}
