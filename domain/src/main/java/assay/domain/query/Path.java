package assay.domain.query;

import assay.domain.noun.Field;
import assay.domain.noun.Kind;
import java.util.List;

/// Where a value is found, starting at an object: over references to other objects, then one column
/// there.
///
/// @param text as the caller wrote it
/// @param hops references to follow, at most two
public record Path(String text, List<Field.Reference> hops, Column column) {
    public Path {
        hops = List.copyOf(hops);
    }

    /// The last part of this path, as one that begins where its references lead.
    public Path afterFirstHop() {
        return new Path(text, hops.subList(1, hops.size()), column);
    }

    /// One value of an object.
    public sealed interface Column {
        /// How its values compare; those of an array, how each of its members does.
        Kind kind();

        /// True when the value is an array of what the kind says.
        default boolean array() {
            return false;
        }

        /// A declared field.
        record Stored(Field field) implements Column {
            @Override
            public Kind kind() {
                return field.kind();
            }

            @Override
            public boolean array() {
                return field.array();
            }
        }

        /// A place inside a json field.
        record Inside(Field field, List<String> keys) implements Column {
            public Inside {
                keys = List.copyOf(keys);
            }

            @Override
            public Kind kind() {
                return Kind.JSON;
            }
        }

        /// What the server keeps about every object.
        enum Meta implements Column {
            ID("$id", Kind.TEXT),
            TYPE("$type", Kind.TEXT),
            VERSION("$version", Kind.NUMBER),
            CREATED_AT("$createdAt", Kind.TIME),
            CREATED_BY("$createdBy", Kind.TEXT),
            UPDATED_AT("$updatedAt", Kind.TIME);

            private final String word;
            private final Kind kind;

            Meta(String word, Kind kind) {
                this.word = word;
                this.kind = kind;
            }

            /// The name in an object, such as `$createdAt`.
            public String word() {
                return word;
            }

            @Override
            public Kind kind() {
                return kind;
            }
        }
    }
}
