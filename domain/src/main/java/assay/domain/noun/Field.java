package assay.domain.noun;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One field of a noun. Storage, validation, queries, schema and the types that scripts see all
/// come from it.
public sealed interface Field {
    String name();

    /// True when create must bring a value and update may not clear it.
    boolean required();

    Index index();

    /// True when the value is a JSON array of what the type says.
    boolean array();

    /// How the stored value compares.
    Kind kind();

    /// Whether and how the store keeps an index.
    enum Index {
        NONE,
        INDEXED,
        /// No two live rows of a tenant have the same value; absent values never collide.
        UNIQUE
    }

    /// The size of a decimal.
    ///
    /// @param precision all digits together
    /// @param scale digits after the point
    record Digits(int precision, int scale) {}

    /// A value of a base type.
    ///
    /// @param initial what create writes when the field is absent
    /// @param digits how many digits a decimal may have; empty when nothing was declared
    record Plain(
            String name,
            Base base,
            boolean required,
            Index index,
            boolean array,
            Optional<JsonNode> initial,
            Optional<Digits> digits)
            implements Field {
        public Plain(
                String name,
                Base base,
                boolean required,
                Index index,
                boolean array,
                Optional<JsonNode> initial) {
            this(name, base, required, index, array, initial, Optional.empty());
        }

        @Override
        public Kind kind() {
            return base.kind();
        }
    }

    /// One of a closed list of words. Always indexed unless it is an array.
    record Choice(
            String name,
            List<String> members,
            boolean required,
            Index index,
            boolean array,
            Optional<String> initial)
            implements Field {
        public Choice {
            members = List.copyOf(members);
        }

        @Override
        public Kind kind() {
            return Kind.TEXT;
        }
    }

    /// The id of another object, which must exist. Always indexed unless it is an array.
    ///
    /// @param inverse the name under which the target lists this noun
    record Reference(
            String name,
            String target,
            Optional<String> inverse,
            boolean required,
            Index index,
            boolean array)
            implements Field {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }
    }

    /// Computed from the references that point here; never stored, never written.
    ///
    /// @param target the noun that points here
    /// @param field its reference field
    /// @param array true for a list, false for at most one object
    record Reverse(String name, String target, String field, boolean array) implements Field {
        @Override
        public boolean required() {
            return false;
        }

        @Override
        public Index index() {
            return Index.NONE;
        }

        @Override
        public Kind kind() {
            return Kind.TEXT;
        }
    }
}
