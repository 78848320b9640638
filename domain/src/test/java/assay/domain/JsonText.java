package assay.domain;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON written in tests with single quotes.
public final class JsonText {
    private JsonText() {}

    public static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    /// The sentences of a refusal: `reason: problem | repair`.
    public static String refusal(ThrowingCallable call) {
        var refused = catchThrowableOfType(Refused.class, call);
        return "%s: %s | %s"
                .formatted(refused.reason().wireName(), refused.getMessage(), refused.repair());
    }
}
