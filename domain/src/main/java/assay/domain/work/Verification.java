package assay.domain.work;

import assay.domain.Caller;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Certificate;
import assay.domain.experiment.Certificates;
import assay.domain.noun.Json;
import assay.domain.store.DataFolder;
import assay.domain.store.Events;
import assay.domain.store.Notes;
import assay.domain.store.Objects;
import assay.domain.store.Transaction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a certificate is worth against the events in a data folder.
///
/// @param differences what is not as the certificate says, as sentences
public record Verification(Finding finding, String why, List<String> differences) {
    private static final int MOST_SHOWN = 20;

    /// What was found.
    public enum Finding {
        /// The conclusion, drawn again from the events, is the same to the last bit.
        SAME,
        /// The data are not those that the conclusion was drawn from.
        DATA_CHANGED,
        /// The data are the same, and the numbers come out otherwise.
        NUMBERS_DIFFER,
        /// The certificate is not as it was issued.
        EDITED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Verifies.
    ///
    /// @param scratch an empty folder, in which the conclusion is drawn again
    /// @throws Refused if the folder has no such experiment
    public static Verification of(
            DataFolder folder, Caller caller, Certificate certificate, Path scratch)
            throws InterruptedException {
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            var edited = edited(transaction, caller, certificate);
            if (edited.isPresent()) {
                return edited.get();
            }
            var events = new Events(transaction);
            var changes = certificate.changes(events.snapshot(certificate.extract()));
            if (!changes.isEmpty()) {
                return new Verification(
                        Finding.DATA_CHANGED,
                        "The events are not those that the conclusion was drawn from.",
                        changes);
            }
            var looks =
                    certificate.looks(
                            events.looks(certificate.experiment(), certificate.iteration()));
            if (!certificate.isOf(looks)) {
                return new Verification(
                        Finding.DATA_CHANGED,
                        "The looks are not those that the conclusion was drawn from.",
                        List.of("looks"));
            }
            return again(folder, transaction, caller, certificate, looks, scratch);
        }
    }

    /// A certificate that was issued here is known whatever became of its experiment.
    private static Optional<Verification> edited(
            Transaction transaction, Caller caller, Certificate certificate) {
        var kept =
                Certificates.find(
                        new Notes(transaction), certificate.experiment(), certificate.iteration());
        var differences = kept.map(certificate::differencesFrom).orElse(List.of());
        if (!certificate.isWhole() || !differences.isEmpty()) {
            return Optional.of(
                    new Verification(
                            Finding.EDITED,
                            "The certificate is not as it was issued.",
                            differences.isEmpty()
                                    ? List.of("its own digest is of another text")
                                    : differences));
        }
        if (kept.isEmpty() && new Objects(transaction).get(certificate.experiment()).isEmpty()) {
            throw new Refused(
                    Reason.UNKNOWN_ID,
                    "The tenant %s of this data folder has no experiment %s."
                            .formatted(
                                    Quoted.of(caller.tenant()),
                                    Quoted.of(certificate.experiment())),
                    "Name the data folder and the tenant that it was concluded in, with --data and --tenant.");
        }
        return Optional.empty();
    }

    private static Verification again(
            DataFolder folder,
            Transaction source,
            Caller caller,
            Certificate certificate,
            List<Events.Look> looks,
            Path scratch)
            throws InterruptedException {
        try (var other = new DataFolder(scratch, folder.nouns(), false);
                var target = other.begin(caller.tenant(), Transaction.Mode.WRITE)) {
            var copy = new Events(target);
            new Events(source).copy(certificate.extract(), target);
            for (var look : looks) {
                copy.look(certificate.experiment(), certificate.iteration(), look);
            }
            var ground =
                    Ground.of(
                            folder.nouns(),
                            target,
                            caller,
                            Instant.ofEpochMilli(certificate.at()),
                            Ids.NONE,
                            Optional.empty());
            var differences = certificate.recompute(ground.experiments());
            if (differences.isEmpty()) {
                return new Verification(
                        Finding.SAME,
                        "The conclusion was drawn again from the events, and is the same to the last bit.",
                        List.of());
            }
            var engine = certificate.engine().equals(Certificate.thisEngine());
            return new Verification(
                    Finding.NUMBERS_DIFFER,
                    engine
                            ? "From the same events other numbers come out."
                            : "From the same events other numbers come out of this version, %s; it was issued by %s."
                                    .formatted(Certificate.thisEngine(), certificate.engine()),
                    differences);
        }
    }

    /// `{finding, why, differences?}`.
    public ObjectNode toJson() {
        var json = Json.object().put("finding", finding.word()).put("why", why);
        if (!differences.isEmpty()) {
            var list = json.putArray("differences");
            differences.stream().limit(MOST_SHOWN).forEach(list::add);
            if (differences.size() > MOST_SHOWN) {
                list.add("and %d more".formatted(differences.size() - MOST_SHOWN));
            }
        }
        return json;
    }
}
