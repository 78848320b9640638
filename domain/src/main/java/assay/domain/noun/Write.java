package assay.domain.noun;

import assay.domain.IsoTime;
import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One write in the making: what the caller sent, and the document that comes of it.
final class Write {
    private static final Set<String> META =
            Set.of(
                    "$type",
                    "$id",
                    "$context",
                    "$version",
                    "$createdAt",
                    "$createdBy",
                    "$updatedAt");

    private final Noun noun;
    private final Rules rules;
    private final ObjectNode current;
    private final boolean isNew;
    private final boolean isDraft;
    private final ObjectNode next;
    private final ObjectNode data = Json.object();
    private final List<String> ignored = new ArrayList<>();

    /// Begins a write.
    ///
    /// @param current what is stored, empty for a new object
    /// @param isDraft true when required fields may be missing
    /// @throws Refused if the caller names a field that the noun does not have
    Write(Noun noun, Rules rules, ObjectNode current, ObjectNode sent, boolean isDraft) {
        this.noun = noun;
        this.rules = rules;
        this.current = current;
        this.isNew = current.isEmpty();
        this.isDraft = isDraft;
        this.next = current.deepCopy();
        sent.properties().forEach(member -> read(member.getKey(), member.getValue()));
        rules.prepare(data);
    }

    /// The document as far as it has come.
    ObjectNode next() {
        return next;
    }

    /// What the caller sent for a field, null included.
    Optional<JsonNode> given(String field) {
        return Optional.ofNullable(data.get(field));
    }

    /// Takes a field out of what the caller sent.
    Optional<JsonNode> drop(String field) {
        return Optional.ofNullable(data.remove(field));
    }

    void put(String field, JsonNode value) {
        next.set(field, value);
    }

    /// Brings every field that the caller sent into the document.
    void takeFields() {
        data.properties().forEach(member -> take(member.getKey(), member.getValue()));
    }

    /// Writes the declared defaults of the fields that the caller did not send.
    void fillDefaults() {
        for (var field : noun.fields().values()) {
            if (!data.has(field.name())) {
                initial(field).ifPresent(value -> next.set(field.name(), value));
            }
        }
    }

    /// Writes what a verb writes besides the state, except where the caller sent a value.
    void apply(Verb verb, Instant now) {
        noun.effects()
                .getOrDefault(verb.name(), Map.of())
                .forEach((field, effect) -> {
                    if (!data.hasNonNull(field)) {
                        apply(field, effect, now);
                    }
                });
    }

    /// The result, which is a change only if the document differs.
    ///
    /// @throws Refused if the document lacks a required field or breaks the noun's own rules
    Checked checked() {
        var document = document();
        return new Checked(document, isNew || !document.equals(current), ignored);
    }

    /// The result of something that has happened, whether or not the document differs.
    Checked happened() {
        return new Checked(document(), true, ignored);
    }

    private void read(String key, JsonNode value) {
        if (META.contains(key)) {
            var isClaim = key.equals("$version") && !isNew;
            if (!isClaim) {
                ignored.add(key);
            }
            return;
        }
        var field = noun.aliases().getOrDefault(key, key);
        if (!noun.fields().containsKey(field)) {
            throw unknown(key);
        }
        if (data.has(field) && !data.get(field).equals(value)) {
            throw new Refused(
                            Reason.INVALID_REQUEST,
                            "%s.%s is given twice, once as an alias.".formatted(noun.name(), field),
                            "Send %s once.".formatted(field))
                    .field(field);
        }
        data.set(field, noun.joined().contains(field) ? joined(field, value) : value);
    }

    private Refused unknown(String key) {
        var names = noun.fields().keySet();
        var refused =
                new Refused(
                                Reason.UNKNOWN_FIELD,
                                "%s has no field %s.".formatted(noun.name(), Quoted.of(key)),
                                "%sUse the fields of %s: %s."
                                        .formatted(
                                                Nearest.hint(key, names),
                                                noun.name(),
                                                String.join(", ", names)))
                        .field(key);
        return Nearest.to(key, names)
                .map(name -> refused.with("suggestion", Json.text(name)))
                .orElse(refused);
    }

    private JsonNode joined(String field, JsonNode value) {
        if (!value.isArray()) {
            return value;
        }
        for (var member : value) {
            if (!member.isString() || member.stringValue().indexOf(',') >= 0) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%s in %s.%s is not text without a comma."
                                        .formatted(Quoted.of(member), noun.name(), field),
                                "Send %s as an array of texts without commas.".formatted(field))
                        .field(field);
            }
        }
        return Json.text(
                value.valueStream()
                        .map(member -> member.stringValue().strip())
                        .collect(Collectors.joining(",")));
    }

    private void take(String name, JsonNode value) {
        if (noun.computed().contains(name)) {
            if (!value.equals(current.get(name)) && !(value.isNull() && !current.has(name))) {
                throw computed(name, value);
            }
        } else if (value.isNull()) {
            next.remove(name);
        } else {
            next.set(name, Value.stored(noun.name(), field(name), value));
        }
    }

    private Refused computed(String name, JsonNode value) {
        return new Refused(
                        Reason.COMPUTED_FIELD,
                        "%s.%s is computed and cannot be set to %s."
                                .formatted(noun.name(), name, Quoted.of(value)),
                        rules.insteadOf(name))
                .field(name);
    }

    /// The declared default of a field.
    static Optional<JsonNode> initial(Field field) {
        return switch (field) {
            case Field.Plain plain -> plain.initial();
            case Field.Choice choice -> choice.initial().map(Json::text);
            case Field.Reference _, Field.Reverse _ -> Optional.empty();
        };
    }

    private void apply(String field, String effect, Instant now) {
        switch (effect) {
            case "$now" -> next.put(field, IsoTime.text(now));
            case "$now?" -> {
                if (!next.hasNonNull(field)) {
                    next.put(field, IsoTime.text(now));
                }
            }
            case "+1" -> {
                var number = next.path(field).decimalValue(BigDecimal.ZERO);
                next.set(field, Value.number(number.add(BigDecimal.ONE)));
            }
            default -> next.set(field, Json.read(effect));
        }
    }

    private ObjectNode document() {
        rules.complete(data, next);
        if (!isDraft) {
            checkRequired();
        }
        var document = Json.object();
        for (var member : next.properties()) {
            if (!noun.fields().containsKey(member.getKey())) {
                document.set(member.getKey(), member.getValue());
            }
        }
        for (var field : noun.fields().keySet()) {
            next.optional(field).ifPresent(value -> document.set(field, value));
        }
        return document;
    }

    private void checkRequired() {
        var missing =
                noun.fields().values().stream()
                        .filter(Field::required)
                        .map(Field::name)
                        .filter(name -> !next.hasNonNull(name))
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        var names = String.join(", ", missing);
        throw new Refused(
                        Reason.MISSING_FIELD,
                        isNew
                                ? "%s needs %s.".formatted(noun.name(), names)
                                : "%s needs %s, which cannot be cleared."
                                        .formatted(noun.name(), names),
                        "Send a value for %s.".formatted(names))
                .field(missing.getFirst());
    }

    private Field field(String name) {
        var field = noun.fields().get(name);
        if (field == null) {
            throw unknown(name);
        }
        return field;
    }
}
