package assay.domain.experiment;

import static assay.domain.JsonText.json;

import assay.domain.work.Bench;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What tests of experiments begin with: a bench of their own, and words for making experiments on
/// it.
abstract class OnBench {
    @TempDir Path data;
    Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(data);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /// A plain A/B test of `done`.
    ///
    /// @param fields that replace others
    /// @return the experiment's id
    String draft(String fields) {
        var whole =
                json(
                        "{'name': 'x', 'primaryMetric': 'done', 'variants': ['control', 'treatment']}");
        whole.setAll(json(fields));
        return bench.create("Experiment", whole.toString()).path("$id").stringValue();
    }

    String start(String fields) {
        var id = draft(fields);
        verb("start", id);
        return id;
    }

    ObjectNode verb(String verb, String id) {
        return bench.verb("Experiment", verb, id, "{}");
    }
}
