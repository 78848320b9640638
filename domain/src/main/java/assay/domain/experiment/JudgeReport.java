package assay.domain.experiment;

import assay.domain.store.Calibrations;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What is known of the judge that scores an experiment's outputs.
///
/// @param passAt the score from which on an output passes
/// @param rows what it said, beside what people said
/// @param calibration how far it can be trusted, as `$.Judge.calibration` answers
public record JudgeReport(double passAt, List<Calibrations.Row> rows, ObjectNode calibration) {
    public JudgeReport {
        rows = List.copyOf(rows);
    }
}
