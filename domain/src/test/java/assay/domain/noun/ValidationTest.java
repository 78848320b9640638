package assay.domain.noun;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import assay.domain.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ValidationTest {
    static final Nouns NOUNS = Nouns.load(Optional.empty());
    static final Instant NOW = Instant.parse("2026-03-31T09:00:00Z");

    final Validation validation = new Validation(Map.of());

    Checked create(String noun, String data) {
        return validation.create(NOUNS.require(noun), json(data), NOW);
    }

    Checked update(String noun, String current, String data) {
        return validation.update(NOUNS.require(noun), json(current), json(data));
    }

    Checked verb(String noun, String verb, String current, String data) {
        var declared = NOUNS.require(noun);
        return validation.verb(
                declared, declared.requireVerb(verb), json(current), json(data), NOW);
    }

    static Checked changed(String document, String... ignored) {
        return new Checked(json(document), true, List.of(ignored));
    }

    static Checked unchanged(String document) {
        return new Checked(json(document), false, List.of());
    }

    @Nested
    class Creating {
        @Test
        void fills_in_defaults_and_the_first_state() {
            assertThat(create("Experiment", "{'name': 'Pricing', 'type': 'ABTest'}"))
                    .isEqualTo(
                            changed(
                                    "{'name': 'Pricing', 'type': 'ABTest', 'status': 'Draft',"
                                            + " 'trafficAllocation': 100}"));
        }

        @Test
        void keeps_the_order_of_the_declaration() {
            var document = create("Contact", "{'email': 'a@b.c', 'name': 'Ada'}").document();
            assertThat(document.propertyNames()).containsExactly("name", "email");
        }

        @Test
        void may_name_another_state_where_life_may_begin_there() {
            assertThat(create("Campaign", "{'name': 'Spring', 'status': 'Scheduled'}"))
                    .isEqualTo(changed("{'name': 'Spring', 'status': 'Scheduled'}"));
        }

        @Test
        void an_experiment_always_begins_as_a_draft() {
            assertThat(refusal(() -> create("Experiment", "{'name': 'x', 'status': 'Running'}")))
                    .isEqualTo(
                            "illegal_transition: Experiment begins as Draft, not as Running. |"
                                    + " Leave status out, and change it with the verbs: start,"
                                    + " conclude, pause, stop, resume, complete, archive.");
        }

        @Test
        void writes_the_time_where_the_caller_does_not() {
            assertThat(create("Event", "{'name': 'signup', 'type': 'signup'}"))
                    .isEqualTo(
                            changed(
                                    "{'name': 'signup', 'type': 'signup',"
                                            + " 'timestamp': '2026-03-31T09:00:00.000Z'}"));
        }

        @Test
        void ignores_meta_fields_and_says_so() {
            assertThat(create("Contact", "{'$id': 'contact_1', '$version': 9, 'name': 'Ada'}"))
                    .isEqualTo(changed("{'name': 'Ada'}", "$id", "$version"));
        }

        @Test
        void joins_tags_with_commas() {
            assertThat(create("Agent", "{'name': 'A', 'tags': ['x', ' y z ']}").document())
                    .isEqualTo(json("{'name': 'A', 'status': 'Draft', 'tags': 'x,y z'}"));
        }

        @Test
        void takes_an_alias_and_never_emits_it() {
            assertThat(create("Experiment", "{'name': 'x', 'metric': 'signup'}").document())
                    .isEqualTo(
                            json(
                                    "{'name': 'x', 'status': 'Draft', 'trafficAllocation': 100,"
                                            + " 'primaryMetric': 'signup'}"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                textBlock =
                        """
                        Metric     ~ {'unit': 'ms'}                          ~ missing_field: Metric needs name, value. | Send a value for name, value.
                        Metric     ~ {'name': null, 'value': 1}              ~ missing_field: Metric needs name. | Send a value for name.
                        Funnel     ~ {'nam': 'x'}                            ~ unknown_field: Funnel has no field 'nam'. | Did you mean 'name'? Use the fields of Funnel: name, description, steps, organization, conversionRate.
                        Funnel     ~ {'name': 'x', '$foo': 1}                ~ unknown_field: Funnel has no field '$foo'. | Use the fields of Funnel: name, description, steps, organization, conversionRate.
                        Metric     ~ {'name': 'x', 'value': '5'}             ~ invalid_value: '5' is not a number, which Metric.value needs. | Send value as 5.
                        Experiment ~ {'name': 'x', 'winner': 'b'}            ~ computed_field: Experiment.winner is computed and cannot be set to 'b'. | Leave winner out.
                        Contact    ~ {'name': 'x', 'reports': []}            ~ computed_field: Contact.reports is computed from Contact.manager and cannot be written. | Leave reports out, and set manager on the Contact instead.
                        Agent      ~ {'name': 'x', 'tags': ['a,b']}          ~ invalid_value: 'a,b' in Agent.tags is not text without a comma. | Send tags as an array of texts without commas.
                        Experiment ~ {'name': 'x', 'metric': 'a', 'primaryMetric': 'b'} ~ invalid_request: Experiment.primaryMetric is given twice, once as an alias. | Send primaryMetric once.
                        """)
        void is_refused_with_a_repair(String noun, String data, String refusal) {
            assertThat(refusal(() -> create(noun, data))).isEqualTo(refusal);
        }
    }

    @Nested
    class Updating {
        @Test
        void merges_and_clears() {
            assertThat(
                            update(
                                    "Contact",
                                    "{'$id': 'contact_1', 'name': 'Ada', 'phone': '1'}",
                                    "{'phone': null, 'title': 'Dr', 'mobile': null}"))
                    .isEqualTo(changed("{'$id': 'contact_1', 'name': 'Ada', 'title': 'Dr'}"));
        }

        @Test
        void with_what_is_stored_already_changes_nothing() {
            var stored =
                    "{'name': 'x', 'status': 'Running', 'confidence': 80, 'results': {'a': 1}}";
            assertThat(update("Experiment", stored, stored)).isEqualTo(unchanged(stored));
        }

        @Test
        void takes_the_version_as_a_claim_and_does_not_ignore_it() {
            assertThat(
                            update(
                                    "Contact",
                                    "{'name': 'a'}",
                                    "{'$version': 3, '$id': 'x', 'name': 'b'}"))
                    .isEqualTo(changed("{'name': 'b'}", "$id"));
        }

        @Test
        void makes_the_moves_that_have_no_verb() {
            assertThat(update("FeatureFlag", flag("Draft"), "{'status': 'Active'}"))
                    .isEqualTo(changed(flag("Active")));
            assertThat(update("Contact", "{'name': 'a'}", "{'stage': 'Lead'}"))
                    .isEqualTo(changed("{'name': 'a', 'stage': 'Lead'}"));
        }

        static String flag(String status) {
            return "{'key': 'k', 'name': 'n', 'status': '%s'}".formatted(status);
        }

        @Test
        void may_not_clear_what_is_required() {
            assertThat(refusal(() -> update("Contact", "{'name': 'a'}", "{'name': null}")))
                    .isEqualTo(
                            "missing_field: Contact needs name, which cannot be cleared. | Send a"
                                    + " value for name.");
        }

        @Test
        void names_the_verb_that_makes_a_move() {
            var refused =
                    catchThrowableOfType(
                            Refused.class,
                            () ->
                                    update(
                                            "Experiment",
                                            "{'$id': 'experiment_1', 'name': 'x', 'status':"
                                                    + " 'Draft'}",
                                            "{'status': 'Started'}"));
            assertThat(refused.getMessage())
                    .isEqualTo(
                            "Experiment 'experiment_1' is Draft, and its status cannot be set to"
                                    + " Started.");
            assertThat(refused.toJson().without("message"))
                    .isEqualTo(
                            json("{'reason': 'illegal_transition', 'repair': 'Call start"
                                            + " instead.', 'field': 'status', 'type': 'Experiment',"
                                            + " 'state': 'Draft', 'legal': ['start', 'archive']}")
                                    .put("fix", "await $.Experiment.start('experiment_1')"));
        }

        @Test
        void of_an_event_is_refused() {
            assertThat(refusal(() -> update("Event", "{}", "{}"))).startsWith("unknown_verb: ");
        }
    }

    @Nested
    class A_verb {
        @Test
        void leads_to_its_state_and_writes_its_effects() {
            assertThat(verb("Experiment", "start", "{'name': 'x', 'status': 'Draft'}", "{}"))
                    .isEqualTo(
                            changed(
                                    "{'name': 'x', 'status': 'Started',"
                                            + " 'startAt': '2026-03-31T09:00:00.000Z'}"));
        }

        @Test
        void lets_what_the_caller_sends_stand_before_its_effects() {
            assertThat(
                            verb(
                                    "Experiment",
                                    "stop",
                                    "{'name': 'x', 'status': 'Running'}",
                                    "{'endAt': '2026-03-30T00:00:00Z', 'status': 'Stopped'}"))
                    .isEqualTo(
                            changed(
                                    "{'name': 'x', 'status': 'Stopped',"
                                            + " 'endAt': '2026-03-30T00:00:00.000Z'}"));
        }

        @Test
        void that_found_its_work_done_changes_nothing() {
            var stopped = "{'name': 'x', 'status': 'Stopped', 'endAt': '2026-03-30T00:00:00.000Z'}";
            assertThat(verb("Experiment", "stop", stopped, "{}")).isEqualTo(unchanged(stopped));
            assertThat(verb("Experiment", "stop", stopped, "{'name': 'x'}"))
                    .isEqualTo(unchanged(stopped));
        }

        @Test
        void that_found_its_work_done_does_not_change_other_fields() {
            assertThat(
                            refusal(() ->
                                    verb(
                                            "Experiment",
                                            "stop",
                                            "{'name': 'x', 'status': 'Stopped'}",
                                            "{'name': 'y'}")))
                    .isEqualTo(
                            "illegal_transition: This Experiment is Stopped, and stop starts from"
                                    + " Started, Running, Paused only. | Call one of: archive.");
        }

        @Test
        void that_leads_to_no_state_has_always_happened() {
            var metric = "{'name': 'm', 'value': 0, 'timestamp': '2026-03-31T09:00:00.000Z'}";
            assertThat(verb("Metric", "reset", metric, "{}")).isEqualTo(changed(metric));
            assertThat(verb("Metric", "record", metric, "{'value': 7}"))
                    .isEqualTo(
                            changed(
                                    "{'name': 'm', 'value': 7,"
                                            + " 'timestamp': '2026-03-31T09:00:00.000Z'}"));
        }

        @Test
        void may_count() {
            assertThat(
                            verb(
                                    "Workflow",
                                    "trigger",
                                    "{'name': 'w', 'triggerEvent': 'e', 'status': 'Triggered',"
                                            + " 'runCount': 2}",
                                    "{}"))
                    .isEqualTo(
                            changed(
                                    "{'name': 'w', 'triggerEvent': 'e', 'status': 'Triggered',"
                                            + " 'lastRunAt': '2026-03-31T09:00:00.000Z',"
                                            + " 'runCount': 3}"));
        }

        @Test
        void leads_from_no_state_at_all_where_that_is_declared() {
            assertThat(verb("Contact", "qualify", "{'name': 'Ada'}", "{}"))
                    .isEqualTo(changed("{'name': 'Ada', 'stage': 'Qualified'}"));
        }

        @Test
        void takes_its_state_from_an_enum_where_there_is_no_life_cycle() {
            var noun =
                    Definition.parse(
                            "Lead",
                            json("{'stage': 'Open | Won', 'note': 'string', 'win': 'Won'}"));
            var win = noun.requireVerb("win");
            assertThat(validation.verb(noun, win, json("{'stage': 'Open'}"), json("{}"), NOW))
                    .isEqualTo(changed("{'stage': 'Won'}"));
            assertThat(validation.verb(noun, win, json("{'stage': 'Won'}"), json("{}"), NOW))
                    .isEqualTo(unchanged("{'stage': 'Won'}"));
            assertThat(
                            validation.verb(
                                    noun,
                                    win,
                                    json("{'stage': 'Won'}"),
                                    json("{'note': 'n'}"),
                                    NOW))
                    .isEqualTo(changed("{'stage': 'Won', 'note': 'n'}"));
        }

        @ParameterizedTest(name = "{1} of {0} {2}")
        @CsvSource(
                delimiter = '~',
                textBlock =
                        """
                        Experiment ~ resume   ~ {'status': 'Started'}     ~ {} ~ illegal_transition: This Experiment is Started, and resume starts from Paused only. | Call pause first, then resume.
                        Experiment ~ stop     ~ {'status': 'Draft'}       ~ {} ~ illegal_transition: This Experiment is Draft, and stop starts from Started, Running, Paused only. | Call start first, then stop.
                        Experiment ~ start    ~ {'status': 'Archived'}    ~ {} ~ illegal_transition: This Experiment is Archived, and start starts from Draft only. | Leave it as it is: nothing leads on from Archived.
                        Deal       ~ advance  ~ {'stage': 'Negotiation'}  ~ {} ~ illegal_transition: This Deal is Negotiation, and advance starts from Prospecting, Qualification, Proposal only. | Call one of: close, win, lose.
                        Agent      ~ deploy   ~ {'status': 'Retired'}     ~ {} ~ illegal_transition: This Agent is Retired, and deploy starts from Draft, Active, Paused only. | Update status to one of: Archived.
                        Experiment ~ pause    ~ {'status': 'Running'}     ~ {'status': 'Stopped'} ~ invalid_value: pause leads to status 'Paused', not to 'Stopped'. | Leave status out.
                        Agent      ~ ask      ~ {'status': 'Draft'}       ~ {'status': 'Retired'} ~ illegal_transition: This Agent is Draft, and its status cannot be set to Retired. | Call one of: deploy.
                        Experiment ~ conclude ~ {'status': 'Running'}     ~ {'confidence': 99} ~ computed_field: Experiment.confidence is computed and cannot be set to 99. | Leave confidence out.
                        """)
        void is_refused_with_the_way_on(
                String noun, String verb, String current, String data, String refusal) {
            assertThat(refusal(() -> verb(noun, verb, current, data))).isEqualTo(refusal);
        }
    }
}
