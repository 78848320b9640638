package assay.tools;

import assay.domain.Fingerprint;
import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Runs;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A name that a caller gives to a call, so that sending it again does nothing twice.
///
/// @param fingerprint of what was sent with it
record IdempotencyKey(String text, String fingerprint) {
    static final String ARGUMENT = "idempotencyKey";

    private static final int LONGEST = 200;

    /// What may differ between a call and its repetition.
    private static final List<String> ASIDE = List.of(ARGUMENT, "dryRun");

    /// The key among the arguments of a call.
    ///
    /// @throws Refused if it is no text of 1 to 200 characters
    static Optional<IdempotencyKey> of(ObjectNode arguments) {
        var given = arguments.path(ARGUMENT);
        if (given.isMissingNode() || given.isNull()) {
            return Optional.empty();
        }
        var text = given.isString() ? given.stringValue() : "";
        if (text.isBlank() || text.length() > LONGEST) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not valid for '%s'.".formatted(Quoted.of(given), ARGUMENT),
                            "Send %s as a text of 1 to %d characters, a new one for each thing to be done."
                                    .formatted(ARGUMENT, LONGEST))
                    .field(ARGUMENT);
        }
        return Optional.of(new IdempotencyKey(text, fingerprint(arguments)));
    }

    private static String fingerprint(ObjectNode arguments) {
        var sent = JsonNodeFactory.instance.objectNode();
        arguments
                .propertyStream()
                .filter(member -> !ASIDE.contains(member.getKey()) && !member.getValue().isNull())
                .forEach(member ->
                        sent.set(
                                member.getKey().equals("code") ? "script" : member.getKey(),
                                member.getValue()));
        var text = new StringBuilder();
        sent.propertyNames().stream()
                .sorted()
                .forEach(name ->
                        text.append(name).append(JsonTree.text(sent.path(name))).append('\n'));
        return Fingerprint.of(text.toString());
    }

    /// The first answer, if this call was made before.
    ///
    /// @throws Refused if it was another call
    Optional<ObjectNode> repeated(Runs runs) {
        return runs.answer(text)
                .map(answer -> {
                    if (!answer.fingerprint().equals(fingerprint)) {
                        throw new Refused(
                                        Reason.NOT_UNIQUE,
                                        "The idempotency key %s was used for another script or other params."
                                                .formatted(Quoted.of(text)),
                                        "Choose a new key for this call; the old one only repeats the answer to the same script and"
                                                + " params.")
                                .field(ARGUMENT);
                    }
                    return ((ObjectNode) JsonTree.read(answer.reply())).put("repeated", true);
                });
    }
}
