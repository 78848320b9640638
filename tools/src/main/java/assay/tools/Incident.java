package assay.tools;

import assay.domain.Reason;
import assay.domain.Refused;
import java.lang.System.Logger.Level;
import java.util.UUID;

/// A fault of our own: logged whole under a number, which is all that the caller gets of it.
final class Incident {
    private Incident() {}

    /// Logs something that nobody waits for.
    static void note(String text) {
        System.getLogger("assay.tools").log(Level.WARNING, text);
    }

    /// Logs the fault and makes the refusal for it.
    ///
    /// @param where the tool or function that failed
    static Refused of(String where, RuntimeException fault) {
        var number = UUID.randomUUID().toString().substring(0, 8);
        // Asked for here and not before: the first logger costs a start more than the rest of this
        // class.
        System.getLogger("assay.tools")
                .log(Level.ERROR, "incident " + number + " in " + where, fault);
        return new Refused(
                Reason.INTERNAL,
                "Assay failed on its side in %s (incident %s).".formatted(where, number),
                "Try once more; if it fails again, give the incident number to whoever runs this server.");
    }
}
