package assay.domain.work;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnitOfWorkTest {
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

    String id(String noun, String data) {
        return bench.create(noun, data).path("$id").stringValue();
    }

    List<String> log(String id) {
        return bench.read(work -> work.history(id))
                .valueStream()
                .map(row -> row.path("version") + " " + row.path("event").stringValue())
                .toList();
    }

    @Test
    void an_object_carries_what_the_server_keeps_about_it() {
        var made =
                bench.create(
                        "Part",
                        "{'name': 'bolt', '$id': 'part_12345678', '$version': 9, '$createdBy': 'eve'}");
        var id = made.path("$id").stringValue();
        assertThat(id).matches("part_[A-Za-z0-9]{8}").isNotEqualTo("part_12345678");
        bench.goOn(Duration.ofSeconds(90));
        assertThat(bench.update("Part", id, "{'weight': 3}"))
                .isEqualTo(
                        json(
                                """
                                {'$type': 'Part', '$id': '%s', '$context': 'assay://default', '$version': 2,
                                 '$createdAt': '2026-03-30T09:00:00.000Z', '$createdBy': 'ada',
                                 '$updatedAt': '2026-03-30T09:01:30.000Z', 'name': 'bolt', 'weight': 3}
                                """
                                        .formatted(id)))
                .isEqualTo(bench.get("Part", id, "{}").orElseThrow());
    }

    @Test
    void every_write_leaves_one_row_with_who_and_what() {
        var id = id("Part", "{'name': 'bolt'}");
        bench.update("Part", id, "{'name': 'nut'}", "{'reason': 'renamed'}");
        bench.update("Part", id, "{'name': 'nut'}");
        bench.delete("Part", id);
        assertThat(bench.<JsonNode>read(work -> work.history(id)))
                .isEqualTo(
                        Bench.value(
                                """
                                [{'version': 1, 'verb': 'create', 'event': 'Part.Created', 'actor': 'ada',
                                  'at': '2026-03-30T09:00:00.000Z',
                                  'changes': {'name': {'before': null, 'after': 'bolt'}}},
                                 {'version': 2, 'verb': 'update', 'event': 'Part.Updated', 'actor': 'ada',
                                  'at': '2026-03-30T09:00:00.000Z', 'reason': 'renamed',
                                  'changes': {'name': {'before': 'bolt', 'after': 'nut'}}},
                                 {'version': 3, 'verb': 'delete', 'event': 'Part.Deleted', 'actor': 'ada',
                                  'at': '2026-03-30T09:00:00.000Z', 'changes': {}}]
                                """));
    }

    @Nested
    class A_lost_update_is_refused {
        @Test
        void by_version_in_the_data_or_in_the_options() {
            var part = id("Part", "{'name': 'a'}");
            bench.update("Part", part, "{'name': 'b', '$version': 1}");
            var stale =
                    "stale_version: '%s' is at version 2, not at 1: somebody changed it since you read it. | Read it again, redo your change on the new state, and send that version."
                            .formatted(part);
            assertThat(refusal(() -> bench.update("Part", part, "{'name': 'c', '$version': 1}")))
                    .isEqualTo(stale);
            assertThat(
                            refusal(() ->
                                    bench.update(
                                            "Part", part, "{'name': 'c'}", "{'ifVersion': 1}")))
                    .isEqualTo(stale);
            assertThat(
                            refusal(() ->
                                    bench.update(
                                            "Part",
                                            part,
                                            "{'name': 'c', '$version': 1}",
                                            "{'ifVersion': 2}")))
                    .isEqualTo(stale);
            assertThat(refusal(() -> bench.update("Part", part, "{'name': 'c', '$version': 'x'}")))
                    .startsWith("stale_version");
            assertThat(
                            bench.update("Part", part, "{'name': 'c'}", "{'ifVersion': 2}")
                                    .path("$version")
                                    .intValue())
                    .isEqualTo(3);
        }
    }

    @Nested
    class A_unique_value {
        @Test
        void is_refused_with_who_has_it() {
            var bolt = id("Part", "{'name': 'bolt', 'code': 'x', 'serial': 7}");
            assertThat(refusal(() -> bench.create("Part", "{'name': 'nut', 'code': 'x'}")))
                    .isEqualTo(
                            "not_unique: code 'x' is taken by %s. | Choose another code, or update the object that has it."
                                    .formatted(bolt));
            assertThat(refusal(() -> bench.create("Part", "{'name': 'nut', 'serial': 7}")))
                    .startsWith("not_unique: serial 7 is taken by");
            var nut = id("Part", "{'name': 'nut'}");
            assertThat(refusal(() -> bench.update("Part", nut, "{'code': 'x'}")))
                    .startsWith("not_unique");
            assertThat(
                            bench.update("Part", bolt, "{'code': 'x', 'name': 'b'}")
                                    .path("name")
                                    .stringValue())
                    .isEqualTo("b");
        }

        @Test
        void is_free_again_after_delete_and_taken_again_after_rollback() {
            var bolt = id("Part", "{'name': 'bolt', 'code': 'x'}");
            bench.delete("Part", bolt);
            var nut = id("Part", "{'name': 'nut', 'code': 'x'}");
            assertThat(refusal(() -> bench.rollback("Part", bolt, "1"))).startsWith("not_unique");
            bench.update("Part", nut, "{'code': null}");
            bench.rollback("Part", bolt, "1");
            assertThat(bench.get("Part", "x", "{}").orElseThrow().path("$id").stringValue())
                    .isEqualTo(bolt);
        }
    }

    @Test
    void a_new_reference_must_lead_to_a_live_object_of_its_type() {
        var part = id("Part", "{'name': 'bolt'}");
        var ada = id("Contact", "{'name': 'Ada'}");
        assertThat(
                        refusal(() ->
                                bench.create("Part", "{'name': 'x', 'owner': 'contact_99999999'}")))
                .isEqualTo(
                        "invalid_value: 'owner' refers to 'contact_99999999', but there is no such Contact. | Create the Contact first, or send the $id of one that exists.");
        assertThat(refusal(() -> bench.update("Part", part, "{'owner': '%s'}".formatted(part))))
                .startsWith("invalid_value: 'owner' refers to");
        assertThat(refusal(() -> bench.update("Part", part, "{'makers': ['%s']}".formatted(ada))))
                .startsWith("invalid_value: 'makers' refers to");
        bench.update("Part", part, "{'owner': '%s'}".formatted(ada));
        bench.delete("Contact", ada);
        assertThat(bench.update("Part", part, "{'name': 'y'}").path("owner").stringValue())
                .isEqualTo(ada);
    }

    @Nested
    class Deleting {
        @Test
        void hides_the_object_everywhere_and_says_once_that_it_was_there() {
            var id = id("Part", "{'name': 'bolt'}");
            assertThat(bench.delete("Part", id)).isTrue();
            assertThat(bench.delete("Part", id)).isFalse();
            assertThat(bench.get("Part", id, "{}")).isEmpty();
            assertThat(bench.count("Part", "{}", "{}")).isZero();
            assertThat(bench.names("Part", "{'$text': 'bolt'}", "{}")).isEmpty();
            assertThat(refusal(() -> bench.update("Part", id, "{'name': 'x'}")))
                    .startsWith("unknown_id: No Part with the id '%s' exists.".formatted(id));
        }

        @Test
        void of_an_event_is_disabled() {
            var id = id("Event", "{'type': 'signup'}");
            assertThat(refusal(() -> bench.delete("Event", id)))
                    .startsWith("unknown_verb: Event has no delete");
            assertThat(refusal(() -> bench.update("Event", id, "{'name': 'x'}")))
                    .startsWith("unknown_verb");
        }
    }

    @Nested
    class Rolling_back {
        @Test
        void makes_an_old_state_the_newest_version() {
            var id = id("Part", "{'name': 'bolt', 'code': 'x'}");
            bench.goOn(Duration.ofMinutes(5));
            bench.update("Part", id, "{'name': 'nut', 'weight': 1}");
            bench.goOn(Duration.ofMinutes(5));
            assertThat(bench.rollback("Part", "x", "{'asOf': '6m ago'}"))
                    .isEqualTo(
                            json(
                                    """
                                    {'$type': 'Part', '$id': '%s', '$context': 'assay://default', '$version': 3,
                                     '$createdAt': '2026-03-30T09:00:00.000Z', '$createdBy': 'ada',
                                     '$updatedAt': '2026-03-30T09:10:00.000Z', 'name': 'bolt', 'code': 'x'}
                                    """
                                            .formatted(id)));
            assertThat(bench.rollback("Part", id, "{'version': 2}").path("name").stringValue())
                    .isEqualTo("nut");
            assertThat(bench.rollback("Part", id, "2").path("$version").intValue()).isEqualTo(4);
            assertThat(log(id))
                    .containsExactly(
                            "1 Part.Created", "2 Part.Updated", "3 Part.Updated", "4 Part.Updated");
        }

        @Test
        void brings_a_deleted_object_back_and_its_words_too() {
            var id = id("Part", "{'name': 'bolt'}");
            bench.update("Part", id, "{'name': 'nut'}");
            bench.delete("Part", id);
            var changes =
                    bench.write(work -> {
                        work.rollback(bench.folder().nouns().require("Part"), id, Bench.value("1"));
                        return work.changes();
                    });
            assertThat(changes).hasSize(1);
            assertThat(changes.getFirst().after()).isEqualTo(json("{'name': 'bolt'}"));
            assertThat(bench.names("Part", "{'$text': 'bolt'}", "{}")).containsExactly("bolt");
            assertThat(bench.names("Part", "{'$text': 'nut'}", "{}")).isEmpty();
            assertThat(bench.get("Part", id, "{}").orElseThrow().path("$version").intValue())
                    .isEqualTo(4);
        }

        @Test
        void refuses_states_that_were_never_there() {
            var id = id("Part", "{'name': 'bolt'}");
            bench.delete("Part", id);
            assertThat(refusal(() -> bench.rollback("Part", id, "7")))
                    .startsWith("invalid_value: '%s' has no state 7 to go back to.".formatted(id));
            assertThat(refusal(() -> bench.rollback("Part", id, "2"))).startsWith("invalid_value");
            assertThat(refusal(() -> bench.rollback("Part", id, "{'asOf': '1d ago'}")))
                    .startsWith("invalid_value");
            assertThat(refusal(() -> bench.rollback("Part", id, "{'asOf': 'soon'}")))
                    .startsWith("invalid_value: 'soon' is not a time.");
            assertThat(refusal(() -> bench.rollback("Part", "part_00000000", "1")))
                    .startsWith("unknown_id");
            assertThat(refusal(() -> bench.rollback("Contact", id, "1"))).startsWith("unknown_id");
        }
    }

    @Test
    void several_writes_are_kept_all_or_none_also_when_the_caller_goes_on() {
        bench.write(work -> {
            var part = bench.folder().nouns().require("Part");
            assertThat(
                            refusal(() ->
                                    work.allOrNone(() -> {
                                        work.create(part, json("{'name': 'a', 'code': 'x'}"));
                                        return work.create(
                                                part, json("{'name': 'b', 'code': 'x'}"));
                                    })))
                    .startsWith("not_unique");
            work.create(part, json("{'name': 'c'}"));
            assertThat(work.changes()).hasSize(1);
            return part;
        });
        assertThat(bench.names("Part", "{}", "{}")).containsExactly("c");
    }

    @Test
    void several_appends_that_are_refused_are_taken_out_of_the_count_of_those_before() {
        var experiment =
                id("Experiment", "{'name': 'a', 'primaryMetric': 'm', 'variants': ['a', 'b']}");
        bench.verb("Experiment", "start", experiment, "{}");
        var counts =
                bench.write(work -> {
                    work.assign(experiment, Bench.value("['ada', 'bob']"), json("{}"));
                    var before = List.copyOf(work.changes());
                    assertThat(
                                    refusal(() ->
                                            work.allOrNone(() -> {
                                                work.assign(
                                                        experiment,
                                                        Bench.value("'eve'"),
                                                        json("{}"));
                                                return work.record(
                                                        experiment,
                                                        Bench.value("[{'subject': 'nobody'}]"));
                                            })))
                            .startsWith("unknown_id");
                    assertThat(work.changes()).isEqualTo(before);
                    work.assign(experiment, Bench.value("'eve'"), json("{}"));
                    return work.changes().getFirst().after().toString();
                });
        assertThat(counts).isEqualTo("{\"exposures\":3}");
    }

    @Test
    void an_exception_keeps_nothing_and_leaves_nothing_open() {
        assertThat(
                        refusal(() ->
                                bench.write(work -> {
                                    work.create(
                                            bench.folder().nouns().require("Part"),
                                            json("{'name': 'a'}"));
                                    return work.create(
                                            bench.folder().nouns().require("Part"), json("{}"));
                                })))
                .startsWith("missing_field");
        bench.create("Part", "{'name': 'b'}");
        assertThat(bench.names("Part", "{}", "{}")).containsExactly("b");
    }

    @Test
    void an_experiment_begins_as_a_draft_whatever_the_caller_says() {
        assertThat(refusal(() -> bench.create("Experiment", "{'name': 'x', 'status': 'Running'}")))
                .startsWith("illegal_transition: Experiment begins as Draft, not as Running.");
    }

    @Test
    void status_counts_what_there_is() {
        bench.create("Experiment", "{'name': 'x'}");
        bench.create("Part", "{'name': 'x'}");
        assertThat(bench.read(UnitOfWork::status).toString())
                .isEqualTo(
                        json("""
                        {'$type': 'Status', 'tenant': 'default', 'readOnly': false, 'asOf': '2026-03-30T09:00:00.000Z',
                         'objects': {'Experiment': 1, 'Hook': 2, 'Part': 1, 'Recipe': 5}, 'experiments': {'Draft': 1},
                         'hooks': {'Enabled': 2}}
                        """)
                                .toString());
    }
}
