package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a variant may say of itself. Members that the engine does not know are what it serves, as
/// long as nothing else is; so one that is nearly a known one would be served in place of being
/// read, and one beside a `value` or a `prompt` would reach nobody.
final class VariantMembers {
    private static final List<String> KNOWN =
            List.of(
                    "key",
                    "id",
                    "variant",
                    "name",
                    "description",
                    "weight",
                    "splitPercentage",
                    "split",
                    "control",
                    "isControl",
                    "value",
                    "prompt",
                    "config",
                    "flowId");

    /// What other systems call them.
    private static final Map<String, String> ELSEWHERE =
            Map.of(
                    "percentage", "weight",
                    "percent", "weight",
                    "share", "weight",
                    "allocation", "weight",
                    "allocationpercent", "weight",
                    "probability", "weight",
                    "rollout", "weight",
                    "baseline", "control",
                    "isbaseline", "control",
                    "payload", "value");

    private static final List<String> OF_PROMPT =
            List.of("template", "messages", "model", "parameters");

    private static final List<String> SERVED = List.of("value", "prompt");

    private VariantMembers() {}

    /// @throws Refused for a member that is nearly a known one, or that nobody would get
    static void require(String path, ObjectNode variant) {
        for (var member : variant.propertyNames()) {
            if (KNOWN.contains(member)) {
                continue;
            }
            var near =
                    Optional.ofNullable(ELSEWHERE.get(member.toLowerCase(Locale.ROOT)))
                            .or(() -> Nearest.to(member, KNOWN));
            var served = SERVED.stream().filter(variant::hasNonNull).findFirst();
            if (near.isPresent() || served.isPresent()) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A variant has no member %s.".formatted(Quoted.of(member)),
                                near.map(word -> "Did you mean %s? ".formatted(Quoted.of(word)))
                                                .orElse("")
                                        + (OF_PROMPT.contains(member)
                                                ? "Send it within the prompt, {prompt: {template, model, parameters}}. "
                                                : "")
                                        + "Its members are key, name, description, weight, control, value and prompt; what it serves goes into value, such as {value: {%s: …}}."
                                                .formatted(bare(member)))
                        .field(path + "." + member);
            }
        }
    }

    private static String bare(String member) {
        return member.matches("[A-Za-z_$][A-Za-z0-9_$]{0,40}") ? member : "name";
    }
}
