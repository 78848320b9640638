package assay.domain.experiment;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The primary metric by another methodology than the declared one: a description, which decides
/// nothing.
final class Described {
    private Described() {}

    static ObjectNode json(
            Decision.Grounds grounds, Measured measured, Rule.Methodology methodology) {
        var design = grounds.design();
        var json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("methodology", methodology.word())
                        .put("note", note(methodology));
        var analysis =
                measured.analysis(
                        design.primary(),
                        1.0 / design.treatments().size(),
                        Inference.of(methodology));
        var shown = Figures.metric(design, analysis, true);
        var index = 0;
        for (var comparison : analysis.comparisons()) {
            var one = (ObjectNode) shown.path("comparisons").path(index++);
            comparison.absolute().ifPresent(_ -> one.put("pValue", comparison.ownPValue()));
        }
        json.set("comparisons", shown.path("comparisons"));
        return json;
    }

    private static String note(Rule.Methodology methodology) {
        return switch (methodology) {
            case SEQUENTIAL ->
                    "Holds however often one looks; the rule of this experiment decides by another methodology.";
            case BAYESIAN ->
                    "Chance to win and expected loss describe this moment; watched until they please, they are wrong far more often than they say.";
            case FIXED ->
                    "Holds for a single look at a sample size chosen beforehand; p-values that are read again and again mislead.";
            case GROUP_SEQUENTIAL ->
                    "Taken as the only look there is, at the planned sample; as one of several it would mislead.";
        };
    }
}
