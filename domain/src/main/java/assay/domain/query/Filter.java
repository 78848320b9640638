package assay.domain.query;

import assay.domain.noun.Kind;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A condition on an object. Absence never satisfies a comparison, so `Not` of a comparison holds
/// for objects without the field.
public sealed interface Filter {
    /// Holds for every object.
    Filter EVERYTHING = new And(List.of());

    record And(List<Filter> all) implements Filter {
        public And {
            all = List.copyOf(all);
        }
    }

    record Or(List<Filter> any) implements Filter {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Not(Filter inner) implements Filter {}

    /// A value, or some member of it if it is an array, compares with a constant.
    ///
    /// @param kind what both sides are compared as. Inside json the constant decides, and a value
    ///   of another kind never satisfies; JSON compares whole arrays and objects
    /// @param value in the stored form of the kind: times as ISO text in UTC with milliseconds
    record Compare(Path path, Comparison comparison, Kind kind, JsonNode value) implements Filter {}

    /// The value, or some member of it if it is an array, is one of a list. Never of a path into
    /// json.
    record OneOf(Path path, List<JsonNode> values) implements Filter {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    /// The field is there and is not null.
    record Exists(Path path) implements Filter {}

    /// Some part of the text matches a pattern.
    ///
    /// @param pattern a Java regular expression of at most 256 characters, unanchored
    record Matches(Path path, String pattern, boolean ignoreCase) implements Filter {}

    /// Every word begins some word of the object's text; case and accents do not matter.
    record Text(String words) implements Filter {}

    /// How two values compare.
    enum Comparison {
        EQUAL("="),
        GREATER(">"),
        AT_LEAST(">="),
        LESS("<"),
        AT_MOST("<=");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }
}
