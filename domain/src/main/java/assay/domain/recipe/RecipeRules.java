package assay.domain.recipe;

import assay.domain.noun.Rules;
import tools.jackson.databind.node.ObjectNode;

/// A recipe says what it takes in a form that can be checked before it runs.
public final class RecipeRules implements Rules {
    @Override
    public void complete(ObjectNode data, ObjectNode next) {
        if (data.hasNonNull("params")) {
            var _ = Params.of(next.path("params"));
        }
    }
}
