package assay.domain.prompt;

import tools.jackson.databind.node.ArrayNode;

/// Runs the code of scripted judges, which sees nothing but what it is given.
@FunctionalInterface
public interface Code {
    /// For what runs no judge.
    Code NONE =
            (_, _) -> {
                throw new IllegalStateException("no judge is run here");
            };

    /// Calls a function with each of some values.
    ///
    /// @param source the text of a function of one parameter
    /// @return what it returned for each, in the same order
    /// @throws assay.domain.Refused if it failed, saying where
    ArrayNode map(String source, ArrayNode values);
}
