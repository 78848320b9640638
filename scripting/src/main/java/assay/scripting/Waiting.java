package assay.scripting;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// What the caller of a script does meanwhile.
final class Waiting {
    private Waiting() {}

    /// Waits for the outcome on the caller's thread. An interrupt that ends the script is used up
    /// by that. One that comes when the script ends for another reason stays with the thread, or
    /// else a caller who runs further scripts for the same request would never hear of it.
    ///
    /// @param cancel called for each interrupt
    /// @throws IllegalStateException if there is no outcome because the sandbox or its host failed
    static Outcome until(CompletableFuture<Outcome> answer, Runnable cancel) {
        var interrupted = false;
        try {
            while (true) {
                try {
                    var outcome = answer.get();
                    interrupted &= !(outcome instanceof Outcome.Cancelled);
                    return outcome;
                } catch (InterruptedException again) {
                    interrupted = true;
                    cancel.run();
                } catch (OutOfMemoryError full) {
                    // The script may still be at work, so this is no time to leave.
                    Thread.onSpinWait();
                } catch (ExecutionException failed) {
                    throw new IllegalStateException(
                            "The sandbox or its host failed, not the script.", failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
