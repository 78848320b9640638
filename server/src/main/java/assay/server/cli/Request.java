package assay.server.cli;

import java.util.List;
import java.util.Optional;

/// What a command line asks for.
public sealed interface Request {
    /// The help text: of one verb, or of the whole program.
    record Help(Optional<Verb> verb) implements Request {}

    /// The version line.
    record Version() implements Request {}

    /// One verb.
    ///
    /// @param operands exactly as many as the verb has
    record Run(Verb verb, List<String> operands, Settings settings) implements Request {
        public Run {
            operands = List.copyOf(operands);
        }
    }
}
