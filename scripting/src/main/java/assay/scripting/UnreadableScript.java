package assay.scripting;

import java.util.Optional;

/// The agent's text cannot be made into a program.
final class UnreadableScript extends Exception {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final transient Outcome.Position at;
    private final transient Optional<String> repair;
    private final boolean isCutShort;

    UnreadableScript(String problem, Outcome.Position at) {
        this(problem, at, Optional.empty());
    }

    UnreadableScript(String problem, Outcome.Position at, Optional<String> repair) {
        this(problem, at, repair, false);
    }

    /// @param repair what to do about it, where that is known
    /// @param isCutShort whether the text ends in the middle of something
    UnreadableScript(
            String problem, Outcome.Position at, Optional<String> repair, boolean isCutShort) {
        super(problem);
        this.isCutShort = isCutShort;
        this.problem = problem;
        this.at = at;
        this.repair = repair;
    }

    boolean isCutShort() {
        return isCutShort;
    }

    String problem() {
        return problem;
    }

    Outcome.Position at() {
        return at;
    }

    Optional<String> repair() {
        return repair;
    }
}
