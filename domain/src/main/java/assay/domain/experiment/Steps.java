package assay.domain.experiment;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A funnel step by step. The rates of all exposed units decide; the rates from one step to the
/// next compare units that the variant itself has selected, and only show where to look.
final class Steps {
    private Steps() {}

    static ArrayNode json(Design design, Analysis analysis) {
        var json = JsonNodeFactory.instance.arrayNode();
        var terms = analysis.metric().terms();
        for (var step = 0; step < terms.size(); step++) {
            var one = json.addObject().put("event", terms.get(step).event());
            var arms = one.putArray("arms");
            for (var arm : design.arms()) {
                var reached = analysis.steps().getOrDefault(arm.key(), List.of(0L));
                var units = reached.get(step + 1);
                var shown = arms.addObject().put("key", arm.key()).put("units", units);
                if (reached.getFirst() > 0) {
                    shown.put("ofAll", (double) units / reached.getFirst());
                }
                if (reached.get(step) > 0) {
                    shown.put("ofPrevious", (double) units / reached.get(step));
                }
            }
        }
        return json;
    }
}
