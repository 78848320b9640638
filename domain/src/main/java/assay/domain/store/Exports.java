package assay.domain.store;

import assay.domain.IsoTime;
import assay.domain.JsonTree;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The rows of an iteration, handed over one by one, so that they need not fit into memory.
public final class Exports {
    private final Transaction transaction;

    public Exports(Transaction transaction) {
        this.transaction = transaction;
    }

    /// Who was exposed: `{subject, variant, cohort, at, several, attributes?}`, in order of
    /// subjects.
    public void assignments(String experiment, long iteration, Consumer<ObjectNode> taker) {
        transaction
                .reading()
                .each(
                        "SELECT subject, variant, cohort, at, several, attributes FROM exposure"
                                + " WHERE experiment = ? AND iteration = ? ORDER BY subject",
                        row -> {
                            var json =
                                    JsonNodeFactory.instance
                                            .objectNode()
                                            .put("subject", row.getString(1))
                                            .put("variant", row.getString(2))
                                            .put("cohort", row.getInt(3))
                                            .put("at", IsoTime.text(row.getLong(4)))
                                            .put("several", row.getInt(5) != 0);
                            var attributes = row.getString(6);
                            if (!attributes.equals("{}")) {
                                json.set("attributes", JsonTree.read(attributes));
                            }
                            taker.accept(json);
                            return json;
                        },
                        experiment,
                        iteration);
    }

    /// What happened, in order of arrival: `{subject, metric, value, at, eventId, properties?}`,
    /// and of exposures `{subject, variant, at, eventId, properties?}`. Events that belong to no
    /// experiment are there if their subject was exposed, of corrected ones what they count as now.
    public void events(String experiment, long iteration, Consumer<ObjectNode> taker) {
        transaction
                .reading()
                .each(
                        """
                        SELECT subject, kind, variant, metric, coalesce(value, 1), at, id, doc -> '$.properties', experiment
                        FROM event e NOT INDEXED
                        WHERE ((experiment = ?1 AND iteration = ?2) OR (experiment IS NULL AND EXISTS
                          (SELECT 1 FROM exposure x WHERE x.experiment = ?1 AND x.iteration = ?2 AND x.subject = e.subject)))
                          AND sign = 1 AND NOT EXISTS
                            (SELECT 1 FROM event c WHERE c.corrects = coalesce(e.corrects, e.id) AND c.seq > e.seq)
                        ORDER BY seq\
                        """,
                        row -> {
                            var json = event(row);
                            taker.accept(json);
                            return json;
                        },
                        experiment,
                        iteration);
    }

    private static ObjectNode event(ResultSet row) throws SQLException {
        var json = JsonNodeFactory.instance.objectNode().put("subject", row.getString(1));
        if (row.getString(2).equals(Events.EXPOSURE)) {
            json.put("variant", row.getString(3));
        } else {
            json.put("metric", row.getString(9) == null ? row.getString(2) : row.getString(4))
                    .put("value", row.getDouble(5));
        }
        json.put("at", IsoTime.text(row.getLong(6))).put("eventId", row.getString(7));
        var properties = row.getString(8);
        if (properties != null) {
            json.set("properties", JsonTree.read(properties));
        }
        return json;
    }
}
