package assay.server.cli;

import java.io.Serial;

/// A command line that cannot be read. The message says what is wrong and what to write instead.
public final class Usage extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /// Says what is wrong and what to write.
    ///
    /// @param problem a sentence that names the offending word
    /// @param repair one imperative sentence
    public Usage(String problem, String repair) {
        super(problem + " " + repair, null, false, false);
    }
}
