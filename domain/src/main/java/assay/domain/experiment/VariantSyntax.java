package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the spellings of variants that are in use.
final class VariantSyntax {
    private static final List<String> KEYS = List.of("key", "id", "variant");
    private static final List<String> CONTROLS = List.of("control", "isControl");

    /// Doubles hold every decimal of this many digits, and come back as it.
    private static final int MOST_DIGITS = 15;

    private final List<Draft> drafts = new ArrayList<>();

    Variants parse(JsonNode given) {
        var list = given.isString() ? Json.container(given.stringValue()).orElse(given) : given;
        if (!list.isArray()) {
            throw refused(
                    "variants",
                    "%s is not a list of variants.".formatted(Quoted.of(given)),
                    "Send variants as an array such as"
                            + " [{\"key\": \"control\"}, {\"key\": \"treatment\"}].");
        }
        list.forEach(member -> drafts.add(draft(member)));
        checkKeys();
        checkShares();
        var marked = drafts.stream().filter(Draft::control).toList();
        if (marked.size() > 1) {
            throw refused(
                    "variants",
                    "%s and %s are both marked as the control."
                            .formatted(Quoted.of(marked.get(0).key), Quoted.of(marked.get(1).key)),
                    "Mark one variant with control: true.");
        }
        var control = marked.stream().findFirst().or(this::customaryControl);
        var variants =
                drafts.stream()
                        .map(draft -> draft.variant(control.filter(draft::equals).isPresent()))
                        .toList();
        return new Variants(variants, !marked.isEmpty());
    }

    private Optional<Draft> customaryControl() {
        return drafts.stream()
                .filter(draft -> draft.key.equalsIgnoreCase("control"))
                .findFirst()
                .or(() -> drafts.stream().findFirst());
    }

    private Draft draft(JsonNode given) {
        var path = "variants[%d]".formatted(drafts.size());
        if (given.isString()) {
            var key = given.stringValue().strip();
            return new Draft(path, named(path, key), key, Share.NONE, false, Json.object());
        }
        if (!(given instanceof ObjectNode object)) {
            throw refused(
                    path,
                    "%s is not a variant.".formatted(Quoted.of(given)),
                    "Send a variant as {\"key\": \"treatment\", \"weight\": 1}.");
        }
        VariantMembers.require(path, object);
        var rest = object.deepCopy();
        var key = taken(path, rest, KEYS);
        var name = taken(path, rest, List.of("name"));
        return new Draft(
                path,
                named(path, key.or(() -> name).orElse("")),
                name.or(() -> key).orElse(""),
                Share.take(path, rest),
                control(path, rest),
                rest);
    }

    /// The first of several members that hold a name. Those after it stay where they are.
    private static Optional<String> taken(String path, ObjectNode rest, List<String> members) {
        for (var member : members) {
            var value = rest.path(member);
            if (value.isString() || value.isIntegralNumber()) {
                rest.remove(member);
                return Optional.of(value.asString().strip());
            }
            if (!value.isMissingNode() && !value.isNull()) {
                throw refused(
                        path + "." + member,
                        "%s is not a name for a variant.".formatted(Quoted.of(value)),
                        "Send %s as text.".formatted(member));
            }
            rest.remove(member);
        }
        return Optional.empty();
    }

    private static String named(String path, String key) {
        if (key.isEmpty()) {
            throw refused(
                    path + ".key", "A variant has no key.", "Give every variant a key or a name.");
        }
        return key;
    }

    private static boolean control(String path, ObjectNode rest) {
        var isControl = false;
        for (var member : CONTROLS) {
            var value = rest.path(member);
            if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
                throw refused(
                        path + "." + member,
                        "%s is not true or false.".formatted(Quoted.of(value)),
                        "Send %s as true for one variant and leave it out of the others."
                                .formatted(member));
            }
            isControl |= value.asBoolean(false);
            rest.remove(member);
        }
        return isControl;
    }

    private void checkKeys() {
        for (var draft : drafts) {
            var first = drafts.stream().filter(other -> other.key.equals(draft.key)).findFirst();
            if (first.filter(draft::equals).isEmpty()) {
                throw refused(
                        draft.path + ".key",
                        "Two variants have the key %s.".formatted(Quoted.of(draft.key)),
                        "Give every variant a key of its own.");
            }
        }
    }

    /// Shares are given in one way for all variants, or not at all.
    private void checkShares() {
        for (var draft : drafts) {
            var first = drafts.getFirst();
            if (!draft.share.member.equals(first.share.member)) {
                var member = draft.share.member.isEmpty() ? first.share.member : draft.share.member;
                throw refused(
                        draft.path + "." + member,
                        "Some variants have %s and others do not.".formatted(member),
                        "Give %s to every variant, or to none.".formatted(member));
            }
        }
        if (!drafts.isEmpty()
                && drafts.stream().allMatch(draft -> draft.share.amount.signum() == 0)) {
            throw refused(
                    "variants",
                    "Every variant has a share of 0.",
                    "Give at least two variants a share above 0.");
        }
        if (!drafts.isEmpty()) {
            checkSum(drafts.getFirst().share.member);
        }
    }

    private void checkSum(String member) {
        var whole = Share.whole(member);
        var sum =
                drafts.stream()
                        .map(draft -> draft.share.amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
        if (whole.isPresent() && whole.get().compareTo(sum) != 0) {
            throw refused(
                    "variants",
                    "The %s of the variants sum to %s, not to %s."
                            .formatted(
                                    member, sum.stripTrailingZeros().toPlainString(), whole.get()),
                    "Change %s so that they sum to exactly %s, or send weight, which is relative."
                            .formatted(member, whole.get()));
        }
    }

    private static Refused refused(String field, String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field(field);
    }

    /// A variant as it was read, before it is known which one is the control.
    private record Draft(
            String path, String key, String name, Share share, boolean control, ObjectNode rest) {
        Variant variant(boolean isControl) {
            return new Variant(key, name, share.amount, isControl, rest);
        }
    }

    /// The part of the traffic that a variant asks for.
    ///
    /// @param member the word it was given by, empty when it was not given
    private record Share(String member, BigDecimal amount) {
        static final Share NONE = new Share("", BigDecimal.ONE);

        private static final List<String> MEMBERS = List.of("weight", "splitPercentage", "split");

        static Share take(String path, ObjectNode rest) {
            var given = MEMBERS.stream().filter(rest::hasNonNull).toList();
            if (given.size() > 1) {
                throw refused(
                        path + "." + given.get(1),
                        "A variant has both %s and %s.".formatted(given.get(0), given.get(1)),
                        "Send one of them.");
            }
            var share =
                    given.stream()
                            .findFirst()
                            .map(member ->
                                    new Share(member, amount(path, member, rest.get(member))))
                            .orElse(NONE);
            rest.remove(MEMBERS);
            return share;
        }

        /// What shares of this word sum to; empty when they are relative.
        static Optional<BigDecimal> whole(String member) {
            return switch (member) {
                case "splitPercentage" -> Optional.of(BigDecimal.valueOf(100));
                case "split" -> Optional.of(BigDecimal.ONE);
                default -> Optional.empty();
            };
        }

        private static BigDecimal amount(String path, String member, JsonNode given) {
            try {
                var amount = new BigDecimal(given.asString("").strip()).stripTrailingZeros();
                if (amount.signum() >= 0
                        && amount.precision() <= MOST_DIGITS
                        && Math.abs(amount.scale()) <= MOST_DIGITS) {
                    return amount;
                }
            } catch (NumberFormatException notANumber) {
                // Falls through to the refusal that every other mistake here gets.
            }
            throw refused(
                    path + "." + member,
                    "%s is not a %s.".formatted(Quoted.of(given), member),
                    "Send %s as a number of at least 0 with at most %d digits; with 0, nobody new gets the variant."
                            .formatted(member, MOST_DIGITS));
        }
    }
}
