package assay.domain.experiment;

import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.Notes;
import assay.domain.store.StoredObject;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The certificates that were issued, one for each iteration that was concluded.
public final class Certificates {
    private Certificates() {}

    private static String name(String experiment, long iteration) {
        return "certificate/%s/%d".formatted(experiment, iteration);
    }

    static void keep(Notes notes, Certificate certificate) {
        notes.put(
                name(certificate.experiment(), certificate.iteration()),
                JsonTree.text(certificate.json()));
    }

    /// The certificate of an iteration, if it was concluded.
    public static Optional<Certificate> find(Notes notes, String experiment, long iteration) {
        return notes.get(name(experiment, iteration))
                .map(text -> new Certificate((ObjectNode) JsonTree.read(text)));
    }

    /// The certificate of an experiment's last iteration.
    ///
    /// @throws Refused if it was not concluded
    static ObjectNode require(Notes notes, StoredObject experiment) {
        var iteration = experiment.document().path("iteration").asLong(1);
        return find(notes, experiment.id(), iteration)
                .map(Certificate::json)
                .orElseThrow(() -> {
                    var status = experiment.document().path("status").asString("");
                    var refused =
                            new Refused(
                                    Reason.ILLEGAL_TRANSITION,
                                    "Experiment %s is %s; a certificate is of a conclusion."
                                            .formatted(Quoted.of(experiment.id()), status),
                                    status.equals("Started")
                                                    || status.equals("Running")
                                                    || status.equals("Paused")
                                            ? "Conclude it first."
                                            : "Ask for the certificate of an experiment that was concluded.");
                    return status.equals("Started")
                                    || status.equals("Running")
                                    || status.equals("Paused")
                            ? refused.fix(
                                    "await $.Experiment.conclude('%s')".formatted(experiment.id()))
                            : refused;
                });
    }
}
