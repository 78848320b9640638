package assay.domain.prompt;

import tools.jackson.databind.node.ArrayNode;

/// Runs the code of scripted judges, which sees nothing but what it is given.
@FunctionalInterface
public interface Code {
    /// Calls a function with each of some values.
    ///
    /// @param source the text of a function of one parameter
    /// @return what it returned for each, in the same order
    /// @throws assay.domain.Refused if it failed, saying where
    ArrayNode map(String source, ArrayNode values);
}
