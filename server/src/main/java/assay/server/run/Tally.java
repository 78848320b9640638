package assay.server.run;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How far a run has come.
///
/// @param recorded units whose output is recorded
/// @param failed units whose failure is recorded
/// @param judged judgements that are recorded
/// @param retries requests that were sent again
/// @param lost answers that came after their lease had run out
record Tally(long recorded, long failed, long judged, long retries, long lost) {
    static final Tally NOTHING = new Tally(0, 0, 0, 0, 0);

    Tally plusRecorded() {
        return new Tally(recorded + 1, failed, judged, retries, lost);
    }

    Tally plusFailed() {
        return new Tally(recorded, failed + 1, judged, retries, lost);
    }

    Tally plusJudged() {
        return new Tally(recorded, failed, judged + 1, retries, lost);
    }

    Tally plusRetry() {
        return new Tally(recorded, failed, judged, retries + 1, lost);
    }

    Tally plusLost() {
        return new Tally(recorded, failed, judged, retries, lost + 1);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("recorded", recorded)
                .put("failed", failed)
                .put("judged", judged)
                .put("retries", retries)
                .put("lost", lost);
    }
}
