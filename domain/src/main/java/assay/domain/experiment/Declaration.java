package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// A record as a caller declared it, read member by member. Null is as good as absent, and what
/// cannot be read is refused with its place.
///
/// @param path of the record, for programs: `metrics[0]`
/// @param owner of the record, for sentences: `metric 'x'`
/// @param prefix of the member within the owner, with its dot
record Declaration(String path, String owner, String prefix, JsonNode json) {
    private static final long MOST_UNITS = 1_000_000_000;

    Declaration(String path, String owner, JsonNode json) {
        this(path, owner, "", json);
    }

    /// Refuses members that are not known.
    Declaration requireMembers(List<String> known) {
        for (var member : json.propertyNames()) {
            if (!known.contains(member)) {
                throw refused(
                        member,
                        "%s has the unknown member %s."
                                .formatted(sentence(owner), Quoted.of(prefix + member)),
                        Nearest.hint(member, known)
                                + "Use: %s.".formatted(String.join(", ", known)));
            }
        }
        return this;
    }

    boolean has(String member) {
        return json.hasNonNull(member);
    }

    /// The member, if it is there and not null.
    Optional<JsonNode> given(String member) {
        return has(member) ? Optional.of(json.get(member)) : Optional.empty();
    }

    /// A member that is a record itself; empty if it is absent.
    ///
    /// @param example what it may look like
    Optional<Declaration> within(String member, List<String> known, String example) {
        return given(member)
                .map(record -> {
                    if (!record.isObject()) {
                        throw invalid(
                                member,
                                "Send %s as an object such as %s.".formatted(member, example));
                    }
                    return new Declaration(
                                    path + "." + member, owner, prefix + member + ".", record)
                            .requireMembers(known);
                });
    }

    /// One of a few words.
    <E extends Enum<E> & Worded> Optional<E> choice(String member, E[] constants) {
        return given(member)
                .map(word -> {
                    for (var constant : constants) {
                        if (constant.word().equals(word.asString(""))) {
                            return constant;
                        }
                    }
                    var words = Arrays.stream(constants).map(Worded::word).toList();
                    throw refused(
                            member,
                            "%s has the unknown %s %s."
                                    .formatted(sentence(owner), prefix + member, Quoted.of(word)),
                            Nearest.hint(word.asString(""), words)
                                    + "Use one of: %s.".formatted(String.join(", ", words)));
                });
    }

    /// A number that lies strictly between two others.
    OptionalDouble between(String member, double above, double below, String repair) {
        return given(member)
                .map(number -> {
                    var value = number.isNumber() ? number.doubleValue() : Double.NaN;
                    if (!(value > above && value < below)) {
                        throw invalid(member, repair);
                    }
                    return OptionalDouble.of(value);
                })
                .orElse(OptionalDouble.empty());
    }

    /// A number of units.
    OptionalLong units(String member) {
        return given(member)
                .map(number -> {
                    var value = number.isNumber() ? number.doubleValue() : 0;
                    if (!(value > 0) || value > MOST_UNITS || value != Math.rint(value)) {
                        throw invalid(
                                member, "Give a whole number from 1 to %,d.".formatted(MOST_UNITS));
                    }
                    return OptionalLong.of((long) value);
                })
                .orElse(OptionalLong.empty());
    }

    /// A length of time in milliseconds.
    OptionalLong span(String member) {
        return given(member)
                .map(span -> {
                    var length = Span.read(span.isString() ? span.stringValue() : "");
                    if (length.isEmpty()) {
                        throw invalid(
                                member,
                                "Send %s as a length of time such as '7d', '12h' or '30m'%s."
                                        .formatted(
                                                member,
                                                span.isNumber()
                                                        ? ", with its unit"
                                                        : ", at most ten years"));
                    }
                    return length;
                })
                .orElse(OptionalLong.empty());
    }

    Refused invalid(String member, String repair) {
        var place =
                owner.equals("rule")
                        ? "rule." + prefix + member
                        : "%s of %s".formatted(prefix + member, owner);
        return refused(
                member,
                "%s is not valid for %s.".formatted(Quoted.of(json.path(member)), place),
                repair);
    }

    Refused refused(String member, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair)
                .field(path.isEmpty() ? member : path + "." + member);
    }

    private static String sentence(String words) {
        return words.equals("rule")
                ? "The rule"
                : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
