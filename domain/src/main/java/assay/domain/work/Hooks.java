package assay.domain.work;

import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the code of hooks.
@FunctionalInterface
public interface Hooks {
    /// Runs one hook to its end.
    ///
    /// @param entity the object it gets
    /// @param change `{verb, data, from, to}`, for a hook that runs before its verb
    /// @param inside what its `$` works on
    /// @throws assay.domain.Refused if hooks have run too often, or too many inside each other
    Ended run(Hook hook, ObjectNode entity, Optional<ObjectNode> change, UnitOfWork inside);

    /// How a hook ended.
    sealed interface Ended {
        /// By itself.
        record Returned(JsonNode value) implements Ended {}

        /// It did not come to its end.
        ///
        /// @param line 1-based, in the hook's own text
        /// @param isDefect true when the code is at fault: a mistake that the language names, or a
        ///   limit. Otherwise it threw what it wanted to be heard
        record Failed(String message, OptionalInt line, boolean isDefect) implements Ended {}
    }
}
