package assay.domain.loop;

import assay.domain.prompt.Prompts;
import assay.domain.prompt.Scope;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// The families of the prompts that variants name. By them an experiment is found when somebody
/// sets about the same prompt again.
final class Families {
    private static final String FIELD = "families";

    private final Prompts prompts;

    Families(Scope scope) {
        this.prompts = new Prompts(scope);
    }

    /// Notes them in the document of an experiment, in alphabetical order. A prompt that stands in
    /// a variant as text belongs to none.
    void note(ObjectNode experiment) {
        var families = new TreeSet<String>();
        for (var variant : experiment.path("variants")) {
            var prompt = variant.path("prompt");
            var name = prompt.isObject() ? prompt.path("key") : prompt;
            if (name.isString()) {
                prompts.find(name.stringValue())
                        .map(version -> version.document().path("family").asString(""))
                        .ifPresent(families::add);
            }
        }
        experiment.remove(FIELD);
        if (!families.isEmpty()) {
            families.forEach(experiment.putArray(FIELD)::add);
        }
    }
}
