package assay.domain.noun;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One line of a definition that declares a field: `string!##`, `Draft | Active = Draft`, `->
/// Organization.contacts`.
final class FieldSyntax {
    private static final int LONGEST_DECIMAL = 1_000;

    private final String noun;
    private final String key;
    private final String text;

    private FieldSyntax(String noun, String key, String text) {
        this.noun = noun;
        this.key = key;
        this.text = text;
    }

    /// @throws Refused if the text is not in the language, naming noun and key
    static Field parse(String noun, String key, String text) {
        return new FieldSyntax(noun, key, text.strip()).field();
    }

    private Field field() {
        if (text.isEmpty()) {
            throw refused("has an empty definition", "Write a type, such as \"string\".");
        }
        if (text.startsWith("->") || text.startsWith("<-")) {
            return relation();
        }
        if (text.startsWith("~>") || text.startsWith("<~")) {
            throw refused(
                    "is a fuzzy relation, which Assay does not have",
                    "Write '->' to hold the id of another object, or '<-' for the list of those"
                            + " that point here.");
        }
        var equals = text.indexOf('=');
        var type = (equals < 0 ? text : text.substring(0, equals)).strip();
        var initial =
                equals < 0
                        ? Optional.<String>empty()
                        : Optional.of(text.substring(equals + 1).strip());
        if (type.startsWith("enum(")) {
            return listed(type, initial);
        }
        if (type.indexOf('|') >= 0) {
            return piped(type, initial);
        }
        return plain(type, initial);
    }

    private Field relation() {
        var computed = text.startsWith("<-");
        if (text.startsWith("<->") || text.indexOf('|') >= 0 || text.indexOf('=') >= 0) {
            throw refused(
                    "is not one relation",
                    "Write one target and no default, such as \"-> Organization.contacts\".");
        }
        var rest = text.substring(2).strip();
        var end = 0;
        while (end < rest.length() && (isWord(rest.charAt(end)) || rest.charAt(end) == '.')) {
            end++;
        }
        var path = rest.substring(0, end);
        var marks = Marks.read(this, rest.substring(end));
        var dot = path.indexOf('.');
        var target = dot < 0 ? path : path.substring(0, dot);
        var other = dot < 0 ? Optional.<String>empty() : Optional.of(path.substring(dot + 1));
        if (!Definition.isNounName(target) || !other.map(Definition::isFieldName).orElse(true)) {
            throw refused(
                    "does not name a noun and a field of it",
                    "Write the relation as \"-> Organization\" or \"-> Organization.contacts\".");
        }
        if (!computed) {
            return new Field.Reference(
                    key,
                    target,
                    other,
                    marks.required,
                    marks.array ? marks.index : atLeastIndexed(marks.index),
                    marks.array);
        }
        if (marks.required || marks.optional || marks.index != Field.Index.NONE) {
            throw refused(
                    "has a modifier on a computed relation",
                    "Leave out '!', '?' and '#': nothing is stored in it.");
        }
        return new Field.Reverse(
                key,
                target,
                other.orElseThrow(() ->
                        refused(
                                "does not say which field points here",
                                "Write the field of %s after a dot, such as \"<- %s.%s[]\"."
                                        .formatted(target, target, Linguistics.lowerFirst(noun)))),
                marks.array);
    }

    private Field piped(String type, Optional<String> initial) {
        var members = members(type, '|');
        for (var member : members) {
            if ("!?#]".indexOf(member.charAt(member.length() - 1)) >= 0) {
                throw refused(
                        "has a modifier after a member",
                        "List the members as in \"enum(Draft, Active)!\", with the modifiers after"
                                + " the bracket.");
            }
        }
        return choice(members, Marks.NONE, initial);
    }

    private Field listed(String type, Optional<String> initial) {
        var close = type.lastIndexOf(')');
        if (close < 0) {
            throw refused("has no closing bracket", "Write it as \"enum(Draft, Active)\".");
        }
        var members = members(type.substring("enum(".length(), close), ',');
        return choice(members, Marks.read(this, type.substring(close + 1)), initial);
    }

    private Field choice(List<String> members, Marks marks, Optional<String> initial) {
        var word = initial.map(FieldSyntax::unquoted);
        if (word.isPresent() && (marks.array || !members.contains(word.get()))) {
            throw refused(
                    "has a default outside its enum",
                    "%sUse one of: %s."
                            .formatted(
                                    Nearest.hint(word.get(), members), String.join(", ", members)));
        }
        return new Field.Choice(
                key,
                members,
                marks.required,
                marks.array ? marks.index : atLeastIndexed(marks.index),
                marks.array,
                word);
    }

    private List<String> members(String list, char separator) {
        var members = new ArrayList<String>();
        for (var from = 0; from <= list.length(); ) {
            var at = list.indexOf(separator, from);
            var to = at < 0 ? list.length() : at;
            var member = unquoted(list.substring(from, to).strip());
            if (member.isEmpty()) {
                throw refused("has an empty enum member", "Take out the separator too many.");
            }
            if (members.contains(member)) {
                throw refused(
                        "has the enum member %s twice".formatted(Quoted.of(member)),
                        "Keep one of the two.");
            }
            members.add(member);
            from = to + 1;
        }
        return members;
    }

    private Field plain(String type, Optional<String> initial) {
        if (initial.isPresent() && !isQuoted(initial.get()) && initial.get().indexOf('|') >= 0) {
            throw refused(
                    "has '|' in a default",
                    "Put the default in double quotes, such as string = \"a|b\".");
        }
        var end = 0;
        while (end < type.length() && isWord(type.charAt(end))) {
            end++;
        }
        var word = type.substring(0, end);
        var base =
                Base.of(word)
                        .orElseThrow(() ->
                                refused(
                                        "has the unknown type %s".formatted(Quoted.of(word)),
                                        "%sUse one of: %s."
                                                .formatted(
                                                        Nearest.hint(word, Base.words()),
                                                        String.join(", ", Base.words()))));
        var rest = type.substring(end);
        var digits = Optional.<Field.Digits>empty();
        if (rest.startsWith("(")) {
            var close = rest.indexOf(')');
            digits = Optional.of(digits(base, close < 0 ? "" : rest.substring(1, close)));
            rest = rest.substring(close + 1);
        }
        var marks = Marks.read(this, rest);
        if (marks.index == Field.Index.UNIQUE && (marks.array || base == Base.JSON)) {
            throw refused(
                    "cannot be unique, being json or an array",
                    "Write '#' or nothing instead of '##'.");
        }
        var isTime = base.kind() == Kind.TIME && !marks.array;
        var field =
                new Field.Plain(
                        key,
                        base,
                        marks.required,
                        isTime ? atLeastIndexed(marks.index) : marks.index,
                        marks.array,
                        Optional.empty(),
                        digits);
        return initial.isEmpty() ? field : withInitial(field, initial.get());
    }

    private Field.Digits digits(Base base, String list) {
        var comma = list.indexOf(',');
        try {
            var precision = Integer.parseInt(list.substring(0, Math.max(0, comma)).strip());
            var scale = Integer.parseInt(list.substring(comma + 1).strip());
            if (base == Base.DECIMAL
                    && precision >= 1
                    && precision <= LONGEST_DECIMAL
                    && scale >= 0
                    && scale <= precision) {
                return new Field.Digits(precision, scale);
            }
        } catch (NumberFormatException notNumbers) {
            // Falls through to the refusal that every other mistake here gets.
        }
        throw refused(
                "has a size that its type cannot have",
                "Write decimal(p,s), such as decimal(10,2), with s at most p and p at most 1000;"
                        + " other types have no size.");
    }

    private Field withInitial(Field.Plain field, String initial) {
        try {
            var value = Value.stored(noun, field, initialValue(field, initial));
            return new Field.Plain(
                    key,
                    field.base(),
                    field.required(),
                    field.index(),
                    field.array(),
                    Optional.of(value),
                    field.digits());
        } catch (Refused unfit) {
            throw refused(
                    "has a default that does not fit: " + Quoted.of(initial),
                    "Write a default that the type %s can hold, or none."
                            .formatted(field.base().word()));
        }
    }

    private static JsonNode initialValue(Field.Plain field, String initial) {
        return switch (field.base().kind()) {
            case NUMBER, BOOLEAN, JSON -> Json.value(initial).orElse(Json.text(unquoted(initial)));
            case TEXT, DECIMAL, DATE, TIME -> Json.text(unquoted(initial));
        };
    }

    Refused refused(String problem, String repair) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s.%s, declared as %s, %s.".formatted(noun, key, Quoted.of(text), problem),
                        repair)
                .field(key);
    }

    private static Field.Index atLeastIndexed(Field.Index index) {
        return index == Field.Index.NONE ? Field.Index.INDEXED : index;
    }

    private static boolean isQuoted(String text) {
        return text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
    }

    private static String unquoted(String text) {
        return isQuoted(text) ? text.substring(1, text.length() - 1) : text;
    }

    private static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /// What stands after a type: each kind of mark at most once, in any order.
    private record Marks(boolean required, boolean optional, Field.Index index, boolean array) {
        static final Marks NONE = new Marks(false, false, Field.Index.NONE, false);

        static Marks read(FieldSyntax syntax, String text) {
            var marks = NONE;
            for (var i = 0; i < text.length(); i++) {
                if (Character.isWhitespace(text.charAt(i))) {
                    continue;
                }
                var mark = markAt(text, i);
                var next = marks.with(mark);
                if (next.isEmpty()) {
                    throw syntax.refused(
                            "has %s where a modifier may stand once".formatted(Quoted.of(mark)),
                            "Use each of '!' or '?', '#' or '##', and '[]' at most once.");
                }
                marks = next.get();
                i += mark.length() - 1;
            }
            return marks;
        }

        private static String markAt(String text, int i) {
            return text.startsWith("##", i) || text.startsWith("[]", i)
                    ? text.substring(i, i + 2)
                    : text.substring(i, i + 1);
        }

        private static Optional<Marks> added(boolean mayBe, Marks marks) {
            return mayBe ? Optional.of(marks) : Optional.empty();
        }

        /// @return empty if this mark is unknown or may not be added
        private Optional<Marks> with(String mark) {
            var undecided = !required && !optional;
            var unindexed = index == Field.Index.NONE;
            return switch (mark) {
                case "!" -> added(undecided, new Marks(true, false, index, array));
                case "?" -> added(undecided, new Marks(false, true, index, array));
                case "#" ->
                        added(unindexed, new Marks(required, optional, Field.Index.INDEXED, array));
                case "##" ->
                        added(unindexed, new Marks(required, optional, Field.Index.UNIQUE, array));
                case "[]" -> added(!array, new Marks(required, optional, index, true));
                default -> Optional.empty();
            };
        }
    }
}
