package assay.domain;

import java.io.Serial;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A call that its caller can put right. It reaches the caller whole: a reason to switch on, the
/// problem with the offending value, and the repair as a sentence that is true as it stands.
///
/// Carries no stack trace: it is an answer, not an accident.
public final class Refused extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String repair;
    private final transient ObjectNode details = JsonNodeFactory.instance.objectNode();

    /// @param problem what is wrong, naming the offending value
    /// @param repair what to do instead, as one imperative sentence
    public Refused(Reason reason, String problem, String repair) {
        super(problem, null, false, false);
        this.reason = reason;
        this.repair = repair;
    }

    /// Names the field, or the path inside the arguments, that the problem is in.
    public Refused field(String field) {
        return with("field", JsonNodeFactory.instance.stringNode(field));
    }

    /// Adds runnable code that makes the next attempt succeed.
    public Refused fix(String code) {
        return with("fix", JsonNodeFactory.instance.stringNode(code));
    }

    /// Adds a member to the error record, for instance the legal verbs or the id that stands in the
    /// way.
    public Refused with(String name, JsonNode value) {
        details.set(name, value);
        return this;
    }

    public Reason reason() {
        return reason;
    }

    /// What is wrong, naming the offending value.
    public String problem() {
        return String.valueOf(getMessage());
    }

    public String repair() {
        return repair;
    }

    public Optional<String> field() {
        return Optional.ofNullable(details.get("field")).map(JsonNode::stringValue);
    }

    /// The error record as every surface shows it: `{reason, message, repair, field?, fix?, …}`.
    public ObjectNode toJson() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("reason", reason.wireName()).put("message", getMessage()).put("repair", repair);
        return json.setAll(details);
    }
}
