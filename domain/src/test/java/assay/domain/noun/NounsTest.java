package assay.domain.noun;

import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NounsTest {
    static final Nouns NOUNS = Nouns.load(Optional.empty());

    static List<String> names(Nouns nouns) {
        return nouns.all().stream().map(Noun::name).toList();
    }

    @Nested
    class The_built_in_nouns {
        @Test
        void are_those_of_the_business_and_those_of_experiments() {
            assertThat(names(NOUNS))
                    .containsExactly(
                            "Organization",
                            "Contact",
                            "Deal",
                            "Activity",
                            "Experiment",
                            "FeatureFlag",
                            "Event",
                            "Metric",
                            "Funnel",
                            "Goal",
                            "Campaign",
                            "Segment",
                            "Agent",
                            "Workflow",
                            "Recipe",
                            "Hook",
                            "Prompt",
                            "Dataset",
                            "Judge",
                            "Run");
        }

        @Test
        void each_say_what_they_are() {
            assertThat(NOUNS.all()).noneMatch(noun -> noun.description().isEmpty());
        }

        @Test
        void let_an_experiment_be_archived_once_it_does_not_collect_data() {
            assertThat(NOUNS.require("Experiment").lifeCycle().orElseThrow().moves().get("archive"))
                    .isEqualTo(
                            Map.of(
                                    "Draft", "Archived",
                                    "Stopped", "Archived",
                                    "Concluded", "Archived",
                                    "Completed", "Archived"));
        }
    }

    @Nested
    class A_noun {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "FeatureFlag",
                    "featureFlag",
                    "FEATUREFLAGS",
                    "feature-flags",
                    "feature_flag",
                    "feature flags"
                })
        void is_found_by_every_spelling_of_its_name(String spelling) {
            assertThat(NOUNS.require(spelling).name()).isEqualTo("FeatureFlag");
        }

        @ParameterizedTest
        @CsvSource({
            "experiment_hR5nVkTw, Experiment",
            "featureFlag_jK8sTxJv, FeatureFlag",
            "featureflag_jK8sTxJv, FeatureFlag"
        })
        void is_found_by_the_prefix_of_an_id(String id, String name) {
            assertThat(NOUNS.ofId(id)).contains(NOUNS.require(name));
        }

        @ParameterizedTest
        @ValueSource(strings = {"exp_hR5nVkTw", "contacts_fX9bL5nRd", "_x", "nothing"})
        void is_not_guessed_from_another_prefix(String id) {
            assertThat(NOUNS.ofId(id)).isEmpty();
        }

        @Test
        void that_does_not_exist_is_refused_with_the_nearest() {
            assertThat(refusal(() -> NOUNS.require("Experimnt")))
                    .isEqualTo(
                            "unknown_type: There is no type 'Experimnt'. | Did you mean"
                                    + " 'Experiment'? Use one of: Organization, Contact, Deal,"
                                    + " Activity, Experiment, FeatureFlag, Event, Metric, Funnel,"
                                    + " Goal, Campaign, Segment, Agent, Workflow, Recipe, Hook, Prompt, Dataset, Judge, Run.");
        }
    }

    @Nested
    class A_verb {
        final Noun event = NOUNS.require("Event");
        final Noun metric = NOUNS.require("Metric");

        @Test
        void is_found_by_its_name_create_among_them() {
            assertThat(metric.requireVerb("create")).isEqualTo(Verb.CREATE);
            assertThat(metric.requireVerb("reset").past()).isEqualTo("Reset");
        }

        @Test
        void that_does_not_exist_is_refused_with_the_nearest() {
            assertThat(refusal(() -> metric.requireVerb("recrod")))
                    .isEqualTo(
                            "unknown_verb: Metric has no verb 'recrod'. | Did you mean 'record'?"
                                    + " Call one of: get, find, findOne, count, create, update,"
                                    + " delete, record, reset, snapshot.");
        }

        @Test
        void that_is_disabled_is_refused() {
            assertThat(refusal(() -> event.requireVerb("delete")))
                    .isEqualTo(
                            "unknown_verb: Event has no delete: it is disabled in the definition."
                                    + " | Call one of: get, find, findOne, count, create.");
        }

        @Test
        void is_found_by_the_names_of_its_hooks() {
            assertThat(metric.before("snapshotting")).contains(metric.requireVerb("snapshot"));
            assertThat(metric.after("snapshoted")).contains(metric.requireVerb("snapshot"));
            assertThat(metric.after("resetted")).contains(metric.requireVerb("reset"));
            assertThat(event.before("updating")).isEmpty();
        }
    }

    @Nested
    class A_reverse_relation {
        @Test
        void is_declared() {
            assertThat(NOUNS.relation(NOUNS.require("Organization"), "contacts"))
                    .contains(new Field.Reverse("contacts", "Contact", "organization", true));
        }

        @Test
        void is_the_plural_when_the_field_is_named_like_its_target() {
            assertThat(NOUNS.reverses(NOUNS.require("Experiment")))
                    .isEqualTo(
                            Map.of(
                                    "featureFlags",
                                    new Field.Reverse(
                                            "featureFlags", "FeatureFlag", "experiment", true),
                                    "runs",
                                    new Field.Reverse("runs", "Run", "experiment", true)));
        }

        @Test
        void names_the_field_otherwise() {
            assertThat(NOUNS.reverses(NOUNS.require("Contact")).keySet())
                    .containsExactly(
                            "activities",
                            "reports",
                            "deals",
                            "dealsByOwner",
                            "activitiesByAssignee",
                            "activitiesByCreatedBy",
                            "experimentsByOwner",
                            "campaignsByOwner",
                            "agentsByOwner");
        }

        @Test
        void is_found_like_the_reference_it_mirrors() {
            var deal = NOUNS.require("Deal");
            assertThat(NOUNS.relation(deal, "owner")).contains(deal.fields().get("owner"));
            assertThat(NOUNS.relation(deal, "name")).isEmpty();
        }
    }

    @Nested
    class A_user_s_folder {
        @TempDir Path folder;

        void write(String file, String json) throws IOException {
            Files.writeString(folder.resolve(file), json.replace('\'', '"'));
        }

        String refused() {
            return refusal(() -> Nouns.load(Optional.of(folder)));
        }

        @Test
        void need_not_exist() {
            assertThat(names(Nouns.load(Optional.of(folder.resolve("nouns"))))).hasSize(20);
        }

        @Test
        void adds_one_noun_per_file_or_several() throws IOException {
            write("Lead.json", "{'name': 'string!', 'contact': '-> Contact'}");
            write("shop.json", "{'Order': {'lead': '-> Lead'}, 'Item': {'order': '-> Order'}}");
            var nouns = Nouns.load(Optional.of(folder));
            assertThat(names(nouns)).endsWith("Run", "Lead", "Order", "Item");
            assertThat(nouns.reverses(nouns.require("Lead")).keySet()).containsExactly("orders");
        }

        @Test
        void may_not_declare_a_built_in_noun_again() throws IOException {
            write("contact.json", "{'Contact': {'name': 'string'}}");
            assertThat(refused())
                    .isEqualTo(
                            "invalid_value: contact.json: There is a noun 'Contact' already. | Use"
                                    + " another name: a noun is declared once, and names differ by"
                                    + " more than capitals.");
        }

        @Test
        void is_refused_with_file_noun_and_key() throws IOException {
            write("Lead.json", "{'name': 'sting'}");
            assertThat(refused())
                    .startsWith(
                            "invalid_value: Lead.json: Lead.name, declared as 'sting', has the"
                                    + " unknown type 'sting'. | Did you mean 'string'?");
        }

        @Test
        void is_refused_when_it_is_not_json() throws IOException {
            write("Lead.json", "{'name': ");
            assertThat(refused())
                    .startsWith("invalid_value: Lead.json: It is not readable as JSON: ")
                    .endsWith(" | Correct the file, or take it out of the folder.");
        }

        @Test
        void is_refused_when_a_name_stands_twice() throws IOException {
            write("Lead.json", "{'name': 'string', 'name': 'number'}");
            assertThat(refused()).startsWith("invalid_value: Lead.json: It is not readable");
        }

        @Test
        void is_refused_when_a_target_does_not_exist() throws IOException {
            write("Lead.json", "{'contact': '-> Contcat'}");
            assertThat(refused())
                    .startsWith(
                            "invalid_value: Lead.json: Lead.contact points to 'Contcat', which is"
                                    + " no noun. | Did you mean 'Contact'?");
        }

        @Test
        void is_refused_when_the_other_side_disagrees() throws IOException {
            write("Lead.json", "{'contact': '-> Contact.deals', 'deals': '<- Deal.contact[]'}");
            assertThat(refused())
                    .isEqualTo(
                            "invalid_value: Lead.json: Lead.deals lists Deal.contact, which is no"
                                    + " reference to Lead. | Declare contact in Deal as \"->"
                                    + " Lead.deals\".");
        }

        @Test
        void is_refused_when_an_inverse_has_another_meaning() throws IOException {
            write("Lead.json", "{'contact': '-> Contact.reports'}");
            assertThat(refused())
                    .isEqualTo(
                            "invalid_value: Lead.json: Lead.contact calls its inverse 'reports',"
                                    + " which Contact uses for something else. | Declare reports in"
                                    + " Contact as \"<- Lead.contact[]\", or use another name.");
        }
    }
}
