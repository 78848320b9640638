package assay.domain.loop;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Leased;
import assay.domain.noun.Json;
import assay.domain.prompt.PromptContent;
import assay.domain.prompt.Prompts;
import assay.domain.prompt.Scope;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The prompts of variants. A caller names a version, or a family, or writes a content down; an
/// experiment that has started holds the content itself: `{id?, key?, family?, hash, messages,
/// model?, parameters?}`.
final class FrozenPrompts {
    private static final String TYPE = "PromptExperiment";

    private final Prompts prompts;

    FrozenPrompts(Scope scope) {
        this.prompts = new Prompts(scope);
    }

    /// Refuses prompts that cannot be found or read. In an experiment without a dataset a text that
    /// names no prompt is what subjects get.
    void check(ObjectNode experiment) {
        freeze(experiment.deepCopy());
    }

    /// Puts the content of the prompts in place of their names.
    void freeze(ObjectNode experiment) {
        if (!experiment.path("type").asString("").equals(TYPE)) {
            return;
        }
        var index = 0;
        for (var variant : experiment.path("variants")) {
            if (variant instanceof ObjectNode object && object.hasNonNull("prompt")) {
                freeze("variants[%d].prompt".formatted(index), object, Leased.is(experiment));
            }
            index++;
        }
    }

    private void freeze(String path, ObjectNode variant, boolean isLeased) {
        var prompt = variant.path("prompt");
        if (prompt.isString()) {
            var named =
                    isLeased
                            ? Optional.of(require(path, prompt.stringValue()))
                            : prompts.find(prompt.stringValue());
            named.ifPresent(version -> variant.set("prompt", frozen(version)));
        } else if (prompt instanceof ObjectNode content
                && (content.hasNonNull("template") || content.hasNonNull("messages"))) {
            variant.set("prompt", content.has("hash") ? content : written(path, content));
        } else if (isLeased) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "A variant's prompt is neither a version nor a content.",
                            "Send prompt as the id or key of a version, such as 'support-reply@2', or as {template, model, parameters}.")
                    .field(path);
        }
    }

    private StoredObject require(String path, String idOrKey) {
        try {
            return prompts.require(idOrKey);
        } catch (Refused unknown) {
            throw unknown.field(path);
        }
    }

    private static ObjectNode frozen(StoredObject version) {
        var document = version.document();
        var json = Json.object().put("id", version.id());
        for (var field : List.of("key", "family", "hash")) {
            json.set(field, document.path(field));
        }
        return json.setAll(PromptContent.of(document).json());
    }

    private static ObjectNode written(String path, ObjectNode given) {
        try {
            var content = PromptContent.of(given);
            return Json.object().put("hash", content.hash()).setAll(content.json());
        } catch (Refused unreadable) {
            throw unreadable.field(path);
        }
    }
}
