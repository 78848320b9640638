package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Nouns;
import assay.domain.noun.Validation;
import assay.domain.store.DataFolder;
import assay.domain.store.Events;
import assay.domain.store.Leases;
import assay.domain.store.Notes;
import assay.domain.store.Objects;
import assay.domain.store.Transaction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NounRulesTest {
    static final Nouns NOUNS = Nouns.load(Optional.empty());
    static final Instant NOW = Instant.parse("2026-03-31T09:00:00Z");

    final Validation validation = new Validation(NounRules.of(engine()));

    /// One that has nothing to look at.
    static Experiments engine() {
        var folder = new DataFolder(Path.of("nowhere"), NOUNS, true);
        try {
            var nothing = folder.begin("default", Transaction.Mode.READ);
            return new Experiments(
                    NOUNS.require("Experiment"),
                    new Objects(nothing),
                    new Events(nothing),
                    "ann",
                    NOW,
                    _ -> "",
                    _ -> {},
                    new LookBook(),
                    new Warnings(),
                    new Notes(nothing),
                    _ -> Optional.empty(),
                    new Leases(nothing));
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    ObjectNode create(String noun, String data) {
        return validation.create(NOUNS.require(noun), json(data), NOW).document();
    }

    ObjectNode update(String noun, String current, String data) {
        return validation.update(NOUNS.require(noun), json(current), json(data)).document();
    }

    @Nested
    class An_experiment {
        @Test
        void stores_variants_and_metrics_in_one_form() {
            assertThat(
                            create(
                                    "Experiment",
                                    "{'name': 'x', 'variants': ['a', 'b'], 'metrics': 'signup',"
                                            + " 'guardrails': ['errors']}"))
                    .isEqualTo(
                            json(
                                    "{'name': 'x', 'status': 'Draft', 'trafficAllocation': 100,"
                                            + " 'variants': [{'key': 'a', 'name': 'a', 'weight': 1,"
                                            + " 'control': true}, {'key': 'b', 'name': 'b', 'weight':"
                                            + " 1, 'control': false}], 'metrics': [{'name':"
                                            + " 'signup'}], 'guardrails': [{'name': 'errors'}]}"));
        }

        @Test
        void names_its_control_in_one_way() {
            var document =
                    create("Experiment", "{'name': 'x', 'variants': ['a', 'b'], 'control': 'b'}");
            assertThat(Variants.parse(document.get("variants")).control().map(Variant::key))
                    .contains("b");
            var changed = update("Experiment", document.toString(), "{'control': 'a'}");
            assertThat(Variants.parse(changed.get("variants")).control().map(Variant::key))
                    .contains("a");
        }

        @Test
        void does_not_name_two_controls() {
            assertThat(
                            refusal(() ->
                                    create(
                                            "Experiment",
                                            "{'name': 'x', 'control': 'b', 'variants':"
                                                    + " ['b', {'key': 'a', 'control':"
                                                    + " true}]}")))
                    .isEqualTo(
                            "invalid_value: Variant 'a' is marked as the control, and control is"
                                    + " 'b'. | Send control as the key of the marked variant, or"
                                    + " mark none.");
        }

        @Test
        void takes_in_at_most_everybody() {
            assertThat(
                            refusal(() ->
                                    create(
                                            "Experiment",
                                            "{'name': 'x', 'trafficAllocation': 101}")))
                    .isEqualTo(
                            "invalid_value: 101 is not a percentage, which"
                                    + " Experiment.trafficAllocation needs. | Send"
                                    + " trafficAllocation as a number from 0 to 100.");
        }
    }

    @Nested
    class A_flag {
        ObjectNode rollout(String current, String data) {
            var flag = NOUNS.require("FeatureFlag");
            return validation
                    .verb(flag, flag.requireVerb("rollout"), json(current), json(data), NOW)
                    .document();
        }

        @Test
        void is_rolled_out_to_everybody_unless_said_otherwise() {
            assertThat(rollout("{'key': 'k', 'name': 'n', 'status': 'Draft'}", "{}"))
                    .isEqualTo(
                            json(
                                    "{'key': 'k', 'name': 'n', 'status': 'RolledOut',"
                                            + " 'rolloutPercentage': 100}"));
        }

        @Test
        void is_enabled_when_rolled_out_to_less() {
            assertThat(
                            rollout(
                                    "{'key': 'k', 'name': 'n', 'status': 'Draft'}",
                                    "{'percentage': 25}"))
                    .isEqualTo(
                            json(
                                    "{'key': 'k', 'name': 'n', 'status': 'Enabled',"
                                            + " 'rolloutPercentage': 25}"));
        }

        @Test
        void takes_on_and_off_for_a_percentage() {
            assertThat(create("FeatureFlag", "{'key': 'k', 'name': 'n', 'enabled': true}"))
                    .isEqualTo(
                            json(
                                    "{'key': 'k', 'name': 'n', 'status': 'Draft',"
                                            + " 'rolloutPercentage': 100}"));
        }
    }

    @Test
    void an_event_without_a_name_is_called_after_its_type() {
        assertThat(create("Event", "{'type': 'signup'}"))
                .isEqualTo(
                        json(
                                "{'name': 'signup', 'type': 'signup', 'timestamp':"
                                        + " '2026-03-31T09:00:00.000Z'}"));
    }
}
