package assay.scripting;

/// Runs scripts that nobody has to trust. Safe for use by several threads; each script has a realm
/// of its own.
public interface Sandbox extends AutoCloseable {
    /// Runs one script to its end, or to its limit, on behalf of the calling thread.
    ///
    /// The host may be called on another thread while the caller waits, so what the caller has
    /// bound in a scoped value must be bound again by the host. No call of the host begins after
    /// this method has returned, whatever has become of the script.
    ///
    /// A host may run another script while it answers, on the thread it is called on, and its host
    /// another. Such a script has limits of its own, and is cancelled when the one that waits for
    /// it is stopped.
    ///
    /// Interrupting the calling thread stops the script and yields [Outcome.Cancelled]; the thread
    /// is then no longer marked as interrupted. An interrupt that comes too late to be the reason
    /// leaves the thread marked. A call of the host that is under way is neither interrupted nor
    /// left alone: the caller is answered when it ends, at the latest about 100 ms after the
    /// script's time is up. The same holds for a script that runs out of time in such a call.
    ///
    /// @throws IllegalStateException if the sandbox is closed, or if the host throws
    Outcome run(Script script, Host host);

    /// Does the slow part of the first run ahead of time. May be called from any thread, any number
    /// of times.
    void warm();

    @Override
    void close();
}
