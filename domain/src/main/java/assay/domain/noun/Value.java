package assay.domain.noun;

import assay.domain.IsoTime;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// One value on its way into a field: what a caller sent becomes what is stored, or is refused.
public final class Value {
    /// The largest whole number that a script can hold exactly.
    private static final BigDecimal LARGEST = BigDecimal.valueOf((1L << 53) - 1);

    private static final int MOST_DIGITS = 1_000;

    private final String noun;
    private final Field field;

    private Value(String noun, Field field) {
        this.noun = noun;
        this.field = field;
    }

    /// Brings a value into the form in which it is stored and compared.
    ///
    /// @param noun the name of the noun, for the refusal
    /// @param given what the caller sent; not null, since clearing a field is not a value
    /// @throws Refused if the field cannot hold it
    public static JsonNode stored(String noun, Field field, JsonNode given) {
        return new Value(noun, field).stored(given);
    }

    /// A number in the one form that equal numbers share: whole numbers without a point.
    public static JsonNode number(BigDecimal number) {
        if (number.signum() == 0) {
            return JsonNodeFactory.instance.numberNode(0);
        }
        if (number.abs().compareTo(LARGEST) <= 0 && number.stripTrailingZeros().scale() <= 0) {
            var whole = number.longValueExact();
            return whole == (int) whole
                    ? JsonNodeFactory.instance.numberNode((int) whole)
                    : JsonNodeFactory.instance.numberNode(whole);
        }
        return JsonNodeFactory.instance.numberNode(number.doubleValue());
    }

    /// True for text of the shape of an id: letters, an underscore, 6 to 16 letters or digits. It
    /// says nothing about whether the object exists.
    public static boolean isId(String text) {
        var underscore = text.indexOf('_');
        var tail = text.length() - underscore - 1;
        return underscore > 0
                && tail >= 6
                && tail <= 16
                && text.chars().limit(underscore).allMatch(Value::isLetter)
                && text.chars().skip(underscore + 1L).allMatch(c -> isLetter(c) || isDigit(c));
    }

    private JsonNode stored(JsonNode given) {
        if (!field.array() || field instanceof Field.Reverse) {
            return one(given);
        }
        var list = given.isString() ? Json.container(given.stringValue()).orElse(given) : given;
        if (!list.isArray()) {
            throw refused(given, "an array", "Send %s as an array, even of one.");
        }
        var all = Json.array();
        for (var member : list) {
            if (member.isNull()) {
                throw refused(given, "an array without null", "Leave the null out of %s.");
            }
            all.add(one(member));
        }
        return all;
    }

    // A switch over the types would be shorter to read and longer to start; see docs/adr/0006.
    private JsonNode one(JsonNode given) {
        if (field instanceof Field.Plain plain) {
            return plain(plain, given);
        }
        if (field instanceof Field.Choice choice) {
            return member(choice, given);
        }
        if (field instanceof Field.Reference reference) {
            return reference(reference, given);
        }
        var reverse = (Field.Reverse) field;
        throw new Refused(
                        Reason.COMPUTED_FIELD,
                        "%s.%s is computed from %s.%s and cannot be written."
                                .formatted(noun, reverse.name(), reverse.target(), reverse.field()),
                        "Leave %s out, and set %s on the %s instead."
                                .formatted(reverse.name(), reverse.field(), reverse.target()))
                .field(reverse.name());
    }

    private JsonNode plain(Field.Plain plain, JsonNode given) {
        return switch (plain.base()) {
            case STRING, TEXT, MARKDOWN, CODE -> text(given);
            case NUMBER, FLOAT -> number(given);
            case INT -> whole(given);
            case DECIMAL -> decimal(plain, given);
            case BOOLEAN -> truth(given);
            case DATE -> date(given);
            case DATETIME, TIMESTAMP -> time(given);
            case JSON ->
                    given.isString() ? Json.container(given.stringValue()).orElse(given) : given;
            case URL -> shaped(given, isUrl(given), "an absolute URL", "https://example.com/a");
            case EMAIL -> shaped(given, isEmail(given), "an email address", "ada@example.com");
            case ID -> shaped(given, isId(given.asString("")), "an id", "contact_fX9bL5nRd");
            case UUID ->
                    shaped(given, isUuid(given), "a UUID", "123e4567-e89b-12d3-a456-426614174000");
            case ULID -> shaped(given, isUlid(given), "a ULID", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        };
    }

    private JsonNode text(JsonNode given) {
        if (given.isString()) {
            return given;
        }
        if (given.isContainer()) {
            throw refused(given, "text", "Send %s as text.");
        }
        throw corrected(given, "text", Json.text(given.asString()));
    }

    private JsonNode number(JsonNode given) {
        if (given.isNumber()) {
            if (!Double.isFinite(given.doubleValue(Double.NaN))) {
                throw refused(given, "a finite number", "Send %s as a finite number.");
            }
            return number(given.decimalValue());
        }
        var meant = numberInText(given).filter(number -> Double.isFinite(number.doubleValue()));
        throw meant.isPresent()
                ? corrected(given, "a number", number(meant.get()))
                : refused(given, "a number", "Send %s as a number, such as 12.5.");
    }

    private JsonNode whole(JsonNode given) {
        var number = number(given);
        if (!number.isIntegralNumber()) {
            throw refused(
                    given,
                    "a whole number of at most 9007199254740991 either way",
                    "Send %s as a whole number, such as 12.");
        }
        return number;
    }

    private JsonNode decimal(Field.Plain plain, JsonNode given) {
        var number =
                (given.isNumber() && Double.isFinite(given.doubleValue(0))
                                ? Optional.of(given.decimalValue())
                                : numberInText(given))
                        .map(BigDecimal::stripTrailingZeros)
                        .filter(exact -> exact.precision() <= MOST_DIGITS)
                        .filter(exact -> Math.abs(exact.scale()) <= MOST_DIGITS)
                        .orElseThrow(() ->
                                refused(
                                        given,
                                        "a decimal",
                                        "Send %s as a number or as text such as" + " \"12.50\"."));
        plain.digits().ifPresent(digits -> checkSize(given, number, digits));
        return Json.text(number.toPlainString());
    }

    private void checkSize(JsonNode given, BigDecimal number, Field.Digits digits) {
        if (number.scale() > digits.scale()) {
            var rounded = number.setScale(digits.scale(), RoundingMode.HALF_EVEN);
            throw refused(
                            given,
                            "a decimal with at most %d digits after the point"
                                    .formatted(digits.scale()),
                            "Round %s to " + rounded.toPlainString() + ".")
                    .with("suggestion", Json.text(rounded.toPlainString()));
        }
        var most = digits.precision() - digits.scale();
        if (number.precision() - number.scale() > most) {
            throw refused(
                    given,
                    "a decimal with at most %d digits before the point".formatted(most),
                    "Send %s as a smaller number.");
        }
    }

    private JsonNode truth(JsonNode given) {
        if (given.isBoolean()) {
            return given;
        }
        if (given.isString()
                && (given.stringValue().equalsIgnoreCase("true")
                        || given.stringValue().equalsIgnoreCase("false"))) {
            var truth = given.stringValue().equalsIgnoreCase("true");
            throw corrected(given, "true or false", JsonNodeFactory.instance.booleanNode(truth));
        }
        throw refused(given, "true or false", "Send %s as true or false.");
    }

    private JsonNode date(JsonNode given) {
        var text = given.asString("");
        var day = parsed(() -> LocalDate.parse(text));
        if (given.isString() && text.length() == 10 && day.isPresent()) {
            return given;
        }
        var beginning = text.length() > 10 ? text.substring(0, 10) : "";
        if (parsed(() -> LocalDate.parse(beginning)).isPresent() && text.charAt(10) == 'T') {
            throw corrected(given, "a date", Json.text(beginning));
        }
        throw refused(given, "a date", "Send %s as \"YYYY-MM-DD\", such as \"2026-03-31\".");
    }

    private JsonNode time(JsonNode given) {
        var text = given.isString() ? given.stringValue().strip() : "";
        var instant = IsoTime.parse(text);
        if (instant.isPresent()) {
            return Json.text(IsoTime.text(instant.get()));
        }
        var withoutZone =
                parsed(() -> LocalDateTime.parse(text))
                        .or(() -> parsed(() -> LocalDate.parse(text).atStartOfDay()))
                        .map(local -> local.toInstant(ZoneOffset.UTC))
                        .filter(IsoTime::fits);
        if (withoutZone.isPresent()) {
            throw corrected(
                    given, "a time with a zone", Json.text(IsoTime.text(withoutZone.get())));
        }
        throw refused(
                given,
                "a time",
                "Send %s as ISO 8601 with a zone, such as \"2026-03-31T09:00:00Z\".");
    }

    private JsonNode member(Field.Choice choice, JsonNode given) {
        var members = choice.members();
        if (given.isString() && members.contains(given.stringValue())) {
            return given;
        }
        var nearest = Nearest.to(given.asString(""), members);
        var refused =
                refused(
                        given,
                        "a member of its list",
                        nearest.map("Did you mean '%s'? "::formatted).orElse("")
                                + "Send %s as one of: "
                                + String.join(", ", members)
                                + ".");
        var list = Json.array();
        members.forEach(list::add);
        nearest.ifPresent(word -> refused.with("suggestion", Json.text(word)));
        throw refused.with("values", list);
    }

    /// An object stands for its id, so that what was read with its relations can be written back.
    private JsonNode reference(Field.Reference reference, JsonNode given) {
        var id = given.path("$id").isString() ? given.get("$id") : given;
        if (id.isString() && isId(id.stringValue())) {
            return id;
        }
        throw refused(
                given,
                "an id",
                "Send %s as the $id of a "
                        + reference.target()
                        + ", such as \""
                        + Linguistics.lowerFirst(reference.target())
                        + "_fX9bL5nR\".");
    }

    private JsonNode shaped(JsonNode given, boolean fits, String what, String example) {
        if (given.isString() && fits) {
            return given;
        }
        throw refused(given, what, "Send %s as " + what + ", such as \"" + example + "\".");
    }

    private Refused corrected(JsonNode given, String what, JsonNode correction) {
        var shown = correction.isString() ? Json.text(bounded(correction)) : correction;
        return refused(given, what, "Send %s as " + shown + ".").with("suggestion", correction);
    }

    private static String bounded(JsonNode text) {
        var quoted = Quoted.of(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    private Refused refused(JsonNode given, String what, String repair) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not %s, which %s.%s needs."
                                .formatted(Quoted.of(given), what, noun, field.name()),
                        repair.replace("%s", field.name()))
                .field(field.name());
    }

    private static Optional<BigDecimal> numberInText(JsonNode given) {
        var text = given.isString() ? given.stringValue().strip() : "";
        try {
            return text.isEmpty() || text.length() > MOST_DIGITS
                    ? Optional.empty()
                    : Optional.of(new BigDecimal(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static <T> Optional<T> parsed(Supplier<T> parse) {
        try {
            return Optional.of(parse.get());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean isUrl(JsonNode given) {
        try {
            var url = new URI(given.asString(""));
            return url.isAbsolute() && url.getHost() != null;
        } catch (URISyntaxException notAUrl) {
            return false;
        }
    }

    private static boolean isEmail(JsonNode given) {
        var text = given.asString("");
        var at = text.indexOf('@');
        return at > 0
                && at == text.lastIndexOf('@')
                && text.length() <= 254
                && at < text.length() - 1
                && text.chars().noneMatch(c -> c <= ' ' || c == ',' || c == ';' || c == 0x7f);
    }

    private static boolean isUuid(JsonNode given) {
        var text = given.asString("");
        if (text.length() != 36) {
            return false;
        }
        for (var i = 0; i < 36; i++) {
            var dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUlid(JsonNode given) {
        var text = given.asString("");
        return text.length() == 26
                && text.charAt(0) <= '7'
                && text.chars()
                        .allMatch(c -> isDigit(c) || (isLetter(c) && "ILOUilou".indexOf(c) < 0));
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
