package assay.scripting;

/// Runs scripts that nobody has to trust. Safe for use by several threads; each script has a realm
/// of its own.
public interface Sandbox extends AutoCloseable {
    /// Runs one script to its end, or to its limit, on behalf of the calling thread.
    ///
    /// Interrupting the calling thread stops the script and yields [Outcome.Cancelled].
    Outcome run(Script script, Host host);

    /// Does the slow part of the first run ahead of time. May be called from any thread, any number
    /// of times.
    void warm();

    @Override
    void close();
}
