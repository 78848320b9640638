package assay.domain.work;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.Canonical;
import assay.domain.experiment.Certificate;
import assay.domain.experiment.Experiments;
import assay.domain.store.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CertificateTest {
    private static final Caller ADA = new Caller("default", "ada", false);

    @TempDir Path data;
    @TempDir Path scratch;
    Bench bench;
    String id = "";

    @BeforeEach
    void conclude() throws InterruptedException {
        bench = new Bench(data);
        id =
                bench.create(
                                "Experiment",
                                "{'name': 'x', 'primaryMetric': 'done', 'guardrails': ['errors'], 'variants': ['control', 'treatment']}")
                        .path("$id")
                        .stringValue();
        bench.verb("Experiment", "start", id, "{}");
        for (var day = 0; day < 4; day++) {
            day(day);
            look();
            bench.goOn(Duration.ofDays(1));
        }
        bench.create("Event", "{'type': 'errors', 'userId': 's2-7', 'name': 'errors'}");
        bench.create("Event", "{'type': 'elsewhere', 'userId': 's2-7', 'name': 'elsewhere'}");
        var looks = new ArrayList<Experiments.PendingLook>();
        bench.write(work -> {
            var ended =
                    work.verb(
                            bench.folder().nouns().require("Experiment"),
                            "conclude",
                            id,
                            json("{}"));
            looks.addAll(work.looks());
            return ended;
        });
        new Looks(bench.folder()).log(ADA, looks, true);
    }

    private void day(int day) {
        bench.write(work -> enter(work, day));
    }

    private ObjectNode enter(UnitOfWork work, int day) {
        var names = JsonNodeFactory.instance.arrayNode();
        for (var i = 0; i < 150; i++) {
            names.add("s%d-%d".formatted(day, i));
        }
        var given = work.assign(id, names, json("{}"));
        var outcomes = JsonNodeFactory.instance.arrayNode();
        for (var i = 0; i < 150; i++) {
            var treated = given.path(i).path("key").stringValue().equals("treatment");
            if (i % 10 < (treated ? 5 : 2)) {
                outcomes.addObject()
                        .put("subject", names.get(i).stringValue())
                        .put("value", 1 + i / 7.0);
            }
        }
        return work.record(id, outcomes);
    }

    private void look() throws InterruptedException {
        var looks = new ArrayList<Experiments.PendingLook>();
        bench.read(work -> {
            var results = work.results(id, json("{}"));
            looks.addAll(work.looks());
            return results;
        });
        new Looks(bench.folder()).log(ADA, looks, true);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    ObjectNode certificate() {
        return bench.read(work -> work.certificate(id));
    }

    Verification verify(ObjectNode certificate) throws Exception {
        var folder = Files.createTempDirectory(scratch, "again");
        return Verification.of(bench.folder(), ADA, Certificate.read(certificate), folder);
    }

    /// Changes the file behind the program's back.
    void tamper(String sql) throws SQLException {
        bench.close();
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("default.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
        bench = new Bench(data);
    }

    @Test
    void holds_the_rule_the_looks_the_data_the_engine_and_the_numbers() {
        var certificate = certificate();
        assertThat(certificate.path("verdict").stringValue()).isEqualTo("ship");
        assertThat(certificate.path("winner").stringValue()).isEqualTo("treatment");
        assertThat(certificate.path("concludedBy").stringValue()).isEqualTo("ada");
        assertThat(certificate.path("looks").path("count").asLong()).isEqualTo(4);
        assertThat(certificate.path("data").path("parts").path("exposures").path("count").asLong())
                .isEqualTo(600);
        assertThat(
                        certificate
                                .path("data")
                                .path("parts")
                                .path("events errors")
                                .path("count")
                                .asLong())
                .isEqualTo(1);
        assertThat(certificate.path("data").path("parts").has("events elsewhere")).isFalse();
        assertThat(certificate.path("numbers").path("rule").path("alpha").asDouble())
                .isEqualTo(0.05);
        assertThat(certificate.path("engine").stringValue()).isNotEmpty();
    }

    @Test
    void is_the_same_when_the_conclusion_is_drawn_again() throws Exception {
        assertThat(verify(certificate()))
                .isEqualTo(
                        new Verification(
                                Verification.Finding.SAME,
                                "The conclusion was drawn again from the events, and is the same to the last bit.",
                                List.of()));
    }

    @Test
    void is_the_same_written_down_by_another_hand_and_after_more_has_happened() throws Exception {
        var pretty =
                JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(certificate());
        bench.create("Event", "{'type': 'errors', 'userId': 's1-3', 'name': 'errors'}");
        look();
        assertThat(verify((ObjectNode) JsonMapper.shared().readTree(pretty)).finding())
                .isEqualTo(Verification.Finding.SAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "UPDATE event SET value = value + 1e-9 WHERE metric = 'done' AND subject = 's1-0'   | outcomes of done: as many, ",
                "UPDATE event SET at = at + 1 WHERE kind = 'experiment.exposure' AND subject = 's1-0' | exposures: as many, 600, but not the same ones",
                "DELETE FROM event WHERE subject = 's1-0'                                           | exposures: 600 then, 599 now",
                "DELETE FROM event WHERE kind = 'errors'                                            | events errors: 1 then, 0 now",
                "DELETE FROM look WHERE seq = 2                                                     | looks",
                "UPDATE look SET numbers = '{}' WHERE seq = 2                                       | looks"
            })
    void finds_that_the_data_were_changed(String sql, String difference) throws Exception {
        var certificate = certificate();
        tamper(sql);
        var found = verify(certificate);
        assertThat(found.finding()).isEqualTo(Verification.Finding.DATA_CHANGED);
        assertThat(found.differences()).anySatisfy(d -> assertThat(d).startsWith(difference));
    }

    @Nested
    class Edited {
        ObjectNode edited(Consumer<ObjectNode> edit) {
            var certificate = certificate();
            edit.accept(certificate);
            return certificate;
        }

        /// Edited by somebody who knows how the digest is made.
        ObjectNode forged(Consumer<ObjectNode> edit) {
            var forged = edited(edit);
            forged.remove("digest");
            return forged.put("digest", Canonical.digest(forged));
        }

        @Test
        void is_found_by_its_own_digest() throws Exception {
            var found = verify(edited(json -> json.put("winner", "control")));
            assertThat(found.finding()).isEqualTo(Verification.Finding.EDITED);
            assertThat(found.differences()).contains("winner: \"treatment\" then, \"control\" now");
        }

        @Test
        void and_forged_is_found_by_the_one_that_was_kept() throws Exception {
            var found =
                    verify(
                            forged(json ->
                                    ((ObjectNode) json.get("numbers")).put("confidence", 12)));
            assertThat(found.finding()).isEqualTo(Verification.Finding.EDITED);
            assertThat(found.differences())
                    .anySatisfy(d ->
                            assertThat(d)
                                    .startsWith("numbers.confidence: ")
                                    .endsWith(" then, 12 now"));
        }

        @Test
        void and_forged_where_none_was_kept_is_found_by_the_numbers() throws Exception {
            var forged = forged(json -> ((ObjectNode) json.get("numbers")).put("confidence", 12));
            var rule =
                    forged(json -> {
                        var design = (ObjectNode) json.get("design");
                        design.putObject("rule").put("alpha", 1e-9);
                    });
            tamper("DELETE FROM setting WHERE name LIKE 'certificate/%'");
            var found = verify(forged);
            assertThat(found.finding()).isEqualTo(Verification.Finding.NUMBERS_DIFFER);
            assertThat(found.differences())
                    .anySatisfy(d -> assertThat(d).startsWith("confidence: 12 then, "));
            assertThat(verify(rule).finding()).isEqualTo(Verification.Finding.NUMBERS_DIFFER);
        }
    }

    @Test
    void with_an_override_says_who_answers_for_it() throws Exception {
        var other =
                bench.create(
                                "Experiment",
                                "{'name': 'y', 'primaryMetric': 'done', 'variants': ['control', 'treatment']}")
                        .path("$id")
                        .stringValue();
        bench.verb("Experiment", "start", other, "{}");
        bench.verb(
                "Experiment",
                "conclude",
                other,
                "{'winner': 'treatment', 'reason': 'the board wants it'}");
        id = other;
        assertThat(certificate().path("override").stringValue()).isEqualTo("the board wants it");
        assertThat(verify(certificate()).finding()).isEqualTo(Verification.Finding.SAME);
    }

    @Test
    void is_the_same_after_its_experiment_was_deleted() throws Exception {
        var certificate = certificate();
        assertThat(bench.delete("Experiment", id)).isTrue();
        assertThat(verify(certificate).finding()).isEqualTo(Verification.Finding.SAME);
    }

    /// A refused conclusion saw the events of its own script; they count in the next one, and what
    /// was seen of them before does not.
    @Test
    void rests_on_no_look_that_was_undone_in_its_own_script() throws Exception {
        id =
                bench.create(
                                "Experiment",
                                "{'name': 'y', 'primaryMetric': 'done', 'variants': ['control', 'treatment']}")
                        .path("$id")
                        .stringValue();
        bench.verb("Experiment", "start", id, "{}");
        try (var transaction = bench.folder().begin("default", Transaction.Mode.WRITE)) {
            var work = bench.unit(transaction);
            var _ = enter(work, 0);
            assertThat(refusal(() -> work.allOrNone(() -> conclude(work, "{'winner': 'control'}"))))
                    .startsWith("invalid_value: The rule has not named 'control' the winner: ");
            var _ = enter(work, 1);
            var _ = conclude(work, "{}");
            Looks.log(transaction, work.looks());
            transaction.commit();
        }
        assertThat(certificate().path("looks").path("count").asLong()).isZero();
        assertThat(verify(certificate()).finding()).isEqualTo(Verification.Finding.SAME);
    }

    private ObjectNode conclude(UnitOfWork work, String proposal) {
        return work.verb(
                bench.folder().nouns().require("Experiment"), "conclude", id, json(proposal));
    }

    @Test
    void of_an_experiment_that_is_not_here_is_refused() throws Exception {
        var certificate = certificate();
        try (var elsewhere = new Bench(Files.createTempDirectory(scratch, "elsewhere"))) {
            assertThat(
                            refusal(() ->
                                    Verification.of(
                                            elsewhere.folder(),
                                            ADA,
                                            Certificate.read(certificate),
                                            scratch.resolve("never"))))
                    .startsWith(
                            "unknown_id: The tenant 'default' of this data folder has no experiment ");
        }
        assertThat(refusal(() -> Certificate.read(json("{'a': 1}"))))
                .startsWith("invalid_value: This is not a certificate of a decision.");
        assertThat(refusal(() -> Certificate.read(certificate.put("format", 2))))
                .startsWith("invalid_value: This certificate has the format 2, and version ");
    }

    @Test
    void is_only_of_a_conclusion() {
        var running =
                bench.create(
                                "Experiment",
                                "{'name': 'z', 'primaryMetric': 'done', 'variants': ['control', 'treatment']}")
                        .path("$id")
                        .stringValue();
        bench.verb("Experiment", "start", running, "{}");
        id = running;
        assertThat(refusal(this::certificate))
                .isEqualTo(
                        "illegal_transition: Experiment '%s' is Started; a certificate is of a conclusion. | Conclude it first."
                                .formatted(running));
    }
}
