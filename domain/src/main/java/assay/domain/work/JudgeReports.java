package assay.domain.work;

import assay.domain.experiment.JudgeReport;
import assay.domain.noun.Json;
import assay.domain.prompt.Judges;
import assay.domain.prompt.Scope;
import assay.domain.store.Calibrations;
import java.util.Optional;

/// What results of an experiment need to know of its judge.
final class JudgeReports {
    private static final double HALF = 0.5;

    private JudgeReports() {}

    /// Empty for a judge that there is not, or of which nothing is known.
    static Optional<JudgeReport> of(Scope scope, String judge) {
        var rows = new Calibrations(scope.transaction()).of(judge);
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        return scope.objects()
                .get(judge)
                .map(one ->
                        new JudgeReport(
                                one.document().path("passAt").doubleValue(HALF),
                                rows,
                                Judges.calibration(scope, one, Json.object())));
    }
}
