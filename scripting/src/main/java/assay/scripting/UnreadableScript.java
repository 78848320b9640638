package assay.scripting;

/// The agent's text cannot be made into a program.
final class UnreadableScript extends Exception {
    private static final long serialVersionUID = 1;

    private final String problem;
    private final transient Outcome.Position at;

    UnreadableScript(String problem, Outcome.Position at) {
        super(problem);
        this.problem = problem;
        this.at = at;
    }

    String problem() {
        return problem;
    }

    Outcome.Position at() {
        return at;
    }
}
