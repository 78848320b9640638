package assay.domain.noun;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaTest {
    static final Nouns NOUNS = Nouns.load(Optional.empty());

    @Test
    void without_a_name_lists_the_nouns() {
        var all = Schema.all(NOUNS);
        assertThat(all.get("entities")).hasSize(20);
        assertThat(all.get("descriptions").get("Deal").stringValue())
                .isEqualTo("A sale in progress or closed, with its value and stage.");
    }

    @Test
    void tells_all_about_a_noun() {
        assertThat(Schema.json(NOUNS, NOUNS.require("FeatureFlag")).toPrettyString())
                .isEqualTo(
                        """
                        {
                          "$type" : "Schema",
                          "entity" : "FeatureFlag",
                          "description" : "A switch with a value per variant, rolled out to a percentage of users.",
                          "fields" : {
                            "key" : {
                              "type" : "string",
                              "required" : true,
                              "unique" : true,
                              "indexed" : true
                            },
                            "name" : {
                              "type" : "string",
                              "required" : true
                            },
                            "description" : {
                              "type" : "string"
                            },
                            "organization" : {
                              "type" : "relation",
                              "target" : "Organization",
                              "inverse" : "featureFlags",
                              "cardinality" : "many-to-one",
                              "indexed" : true
                            },
                            "experiment" : {
                              "type" : "relation",
                              "target" : "Experiment",
                              "inverse" : "featureFlags",
                              "cardinality" : "many-to-one",
                              "indexed" : true
                            },
                            "type" : {
                              "type" : "enum",
                              "values" : [ "Boolean", "String", "Number", "JSON" ],
                              "indexed" : true
                            },
                            "defaultValue" : {
                              "type" : "string"
                            },
                            "variants" : {
                              "type" : "json"
                            },
                            "targetingRules" : {
                              "type" : "json"
                            },
                            "status" : {
                              "type" : "enum",
                              "values" : [ "Draft", "Active", "Enabled", "Disabled", "Paused", "RolledOut", "Archived" ],
                              "default" : "Draft",
                              "indexed" : true
                            },
                            "rolloutPercentage" : {
                              "type" : "number"
                            },
                            "evaluations" : {
                              "type" : "number"
                            },
                            "lastEvaluatedAt" : {
                              "type" : "datetime",
                              "indexed" : true
                            }
                          },
                          "verbs" : {
                            "rollout" : {
                              "targetStatus" : "RolledOut",
                              "from" : [ "Draft", "Active", "Enabled", "Paused" ],
                              "to" : "RolledOut",
                              "lifecycle" : [ "rollingOut", "rollout", "rolledOut", "rolledOutBy" ]
                            },
                            "enable" : {
                              "targetStatus" : "Enabled",
                              "from" : [ "Draft", "Active", "Disabled", "Paused" ],
                              "to" : "Enabled",
                              "lifecycle" : [ "enabling", "enable", "enabled", "enabledBy" ]
                            },
                            "disable" : {
                              "targetStatus" : "Disabled",
                              "from" : [ "Draft", "Active", "Enabled", "Paused", "RolledOut" ],
                              "to" : "Disabled",
                              "lifecycle" : [ "disabling", "disable", "disabled", "disabledBy" ]
                            }
                          },
                          "lifeCycle" : {
                            "field" : "status",
                            "initial" : "Draft",
                            "byUpdate" : {
                              "Draft" : [ "Active" ],
                              "Enabled" : [ "Paused" ],
                              "Disabled" : [ "Paused", "Archived" ],
                              "RolledOut" : [ "Archived" ]
                            }
                          },
                          "crud" : [ "create", "get", "find", "update", "delete" ]
                        }\
                        """);
    }

    @Test
    void marks_what_is_computed_and_names_reverse_relations() {
        var fields = Schema.json(NOUNS, NOUNS.require("Experiment")).get("fields");
        assertThat(fields.get("winner")).isEqualTo(json("{'type': 'string', 'computed': true}"));
        assertThat(fields.get("featureFlags"))
                .isEqualTo(
                        json(
                                "{'type': 'relation', 'target': 'FeatureFlag', 'inverse':"
                                        + " 'experiment', 'cardinality': 'one-to-many', 'computed':"
                                        + " true}"));
    }

    @Test
    void shows_where_verbs_lead_from_and_to() {
        var deal = Schema.json(NOUNS, NOUNS.require("Deal")).get("verbs");
        assertThat(deal.get("advance"))
                .isEqualTo(
                        json(
                                "{'from': ['Prospecting', 'Qualification', 'Proposal'], 'to':"
                                        + " ['Qualification', 'Proposal', 'Negotiation'], 'lifecycle':"
                                        + " ['advancing', 'advance', 'advanced', 'advancedBy']}"));
        var contact = Schema.json(NOUNS, NOUNS.require("Contact")).get("verbs");
        assertThat(contact.get("qualify"))
                .isEqualTo(
                        json(
                                "{'targetStage': 'Qualified', 'from': [null, 'Lead'], 'to':"
                                        + " 'Qualified', 'lifecycle': ['qualifying', 'qualify',"
                                        + " 'qualified', 'qualifiedBy']}"));
    }

    @Test
    void lists_only_the_functions_there_are() {
        assertThat(Schema.json(NOUNS, NOUNS.require("Event")).get("crud").toString())
                .isEqualTo("[\"create\",\"get\",\"find\"]");
    }

    @Test
    void declares_a_noun_for_scripts() {
        var script = Schema.typescript(NOUNS, NOUNS.require("Metric"), Map.of());
        assertThat(script.substring(script.indexOf("/** A named number")))
                .isEqualTo(
                        """
                        /** A named number and when it was measured. */
                        interface newMetric {
                          name: string
                          value: number
                          type?: "Counter" | "Gauge" | "Histogram" | "Summary" | "Conversion" | "Milestone"
                          unit?: string
                          dimensions?: string
                          organization?: id<'Organization'>
                          timestamp?: time
                        }
                        interface Metric extends newMetric, meta<'Metric'> {
                          readonly goals?: included<'Goal'>[]
                        }
                        interface metricApi extends reader<Metric>, hooks<Metric, 'creating' | 'updating' | 'deleting' | 'recording' | 'resetting' | 'snapshotting', 'created' | 'updated' | 'deleted' | 'recorded' | 'snapshotted'> {
                          create(data: newMetric): Promise<Metric>; createMany(data: newMetric[]): Promise<Metric[]>
                          update(id: id, data: patch<newMetric>, options?: { ifVersion?: number }): Promise<Metric>; updateMany(data: ({ $id: id } & patch<newMetric>)[]): Promise<Metric[]>; rollback(id: id, to: number | { version: number } | { asOf: time }): Promise<Metric>
                          delete(id: id): Promise<boolean>
                          record: act<Metric, newMetric>
                          reset: act<Metric, newMetric> & after<Metric>
                          snapshot: act<Metric, newMetric>
                        }
                        interface assay {
                          Metric: metricApi
                        }
                        declare const $: assay
                        declare const params: json
                        """);
    }

    @Test
    void declares_disabled_verbs_as_null_and_further_functions_as_given() {
        var script =
                Schema.typescript(
                        NOUNS,
                        NOUNS.require("Event"),
                        Map.of(
                                "Event", List.of("tail(n: number): Promise<Event[]>"),
                                "", List.of("status(): Promise<json>")));
        assertThat(script.lines())
                .contains(
                        "  update: null; updating: null; updated: null",
                        "  tail(n: number): Promise<Event[]>",
                        "  status(): Promise<json>");
    }

    @Test
    void declares_no_hooks_of_disabled_verbs_nor_of_hooks() {
        assertThat(Schema.typescript(NOUNS, Map.of()).lines())
                .contains(
                        "interface eventApi extends reader<Event>, hooks<Event, 'creating', 'created'> {",
                        "interface hookApi extends reader<Hook> {");
    }

    @Test
    void lets_a_further_line_declare_the_call_of_a_verb() {
        var script =
                Schema.typescript(
                        NOUNS,
                        Map.of("Experiment", List.of("conclude(id: id): Promise<Experiment>")));
        assertThat(script.lines().filter(line -> line.startsWith("  conclude")))
                .containsExactly("  conclude(id: id): Promise<Experiment>");
    }
}
