package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.store.Dump;
import assay.scripting.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The argument `idempotencyKey` of `do`.
@DisplayNameGeneration(ReplaceUnderscores.class)
class IdempotencyKeyTest {
    private static final String CREATE =
            "console.log(params); (await $.Contact.create({ name: params })).$id + Math.random()";

    @TempDir Path data;
    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = new Workspace(data);
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    private static ObjectNode create(String key, String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("script", CREATE)
                .put("params", name)
                .put("idempotencyKey", key);
    }

    private ObjectNode done(ObjectNode arguments) {
        return Workspace.done(workspace.call("do", arguments));
    }

    private ObjectNode error(ObjectNode arguments) {
        return Workspace.error(workspace.call("do", arguments));
    }

    private int contacts() {
        return workspace.result("await $.Contact.count()").intValue();
    }

    private static ObjectNode repeated(ObjectNode answer) {
        return answer.deepCopy().put("repeated", true);
    }

    @Nested
    class The_same_call_again {
        @Test
        void is_answered_as_before_and_does_nothing() {
            var first = done(create("k", "Ada"));
            assertThat(first.has("repeated")).isFalse();
            assertThat(done(create("k", "Ada"))).isEqualTo(repeated(first));
            assertThat(done(create("k", "Ada"))).isEqualTo(repeated(first));
            assertThat(contacts()).isEqualTo(1);
        }

        @Test
        void is_answered_as_before_by_another_process() {
            var first = done(create("k", "Ada"));
            workspace.close();
            workspace = new Workspace(data, new Caller("default", "eve", false), Limits.DEFAULT);
            assertThat(done(create("k", "Ada"))).isEqualTo(repeated(first));
            assertThat(contacts()).isEqualTo(1);
        }

        @Test
        void may_call_the_script_code() {
            var first = done(create("k", "Ada"));
            var again = create("k", "Ada");
            again.set("code", again.remove("script"));
            assertThat(done(again)).isEqualTo(repeated(first));
        }

        @Test
        void shows_what_its_caller_saw_also_of_a_reply_that_was_cut() {
            var call =
                    create("k", "Ada").put("script", "Array.from({ length: 200000 }, (_, i) => i)");
            var first = done(call);
            assertThat(first.has("truncated")).isTrue();
            assertThat(done(call)).isEqualTo(repeated(first));
        }

        @Test
        void is_answered_as_before_when_it_only_read() {
            var count = create("k", "Ada").put("script", "await $.Contact.count()");
            var first = done(count);
            workspace.result("await $.Contact.create({ name: 'Bob' })");
            assertThat(done(count)).isEqualTo(repeated(first));
        }

        @Test
        void is_no_second_look_at_results() throws Exception {
            workspace.result(RandomScripts.WORLD);
            var look = create("k", "").put("script", "await $.Experiment.results('e2')");
            var first = done(look);
            assertThat(done(look)).isEqualTo(repeated(first));
            assertThat(Dump.number(workspace.folder(), "default", "SELECT count(*) FROM look"))
                    .isEqualTo(1);
        }

        @Test
        void at_the_same_moment_does_it_once() throws Exception {
            try (var other = Workspace.beside(data);
                    var threads = Executors.newFixedThreadPool(8)) {
                for (var round = 0; round < 20; round++) {
                    var call = create("k" + round, "Ada");
                    var calls = new ArrayList<Callable<Reply>>();
                    for (var caller = 0; caller < 8; caller++) {
                        var at = caller % 2 == 0 ? workspace : other;
                        calls.add(() -> at.call("do", call));
                    }
                    var seen = new ArrayList<ObjectNode>();
                    for (var answer : threads.invokeAll(calls)) {
                        seen.add(Workspace.done(answer.get()));
                    }
                    assertThat(seen.stream().filter(answer -> !answer.has("repeated"))).hasSize(1);
                    seen.forEach(answer -> answer.remove("repeated"));
                    assertThat(seen).containsOnly(seen.getFirst());
                }
            }
            assertThat(contacts()).isEqualTo(20);
        }
    }

    @Nested
    class Another_call_with_the_same_key {
        @Test
        void is_refused_and_does_nothing() {
            done(create("k", "Ada"));
            assertThat(error(create("k", "Bob")).toString())
                    .isEqualTo(
                            "{\"reason\":\"not_unique\",\"message\":\"The idempotency key 'k' was used for another script or"
                                    + " other params.\",\"repair\":\"Choose a new key for this call; the old one only repeats"
                                    + " the answer to the same script and params.\",\"field\":\"idempotencyKey\"}");
            assertThat(error(create("k", "Ada").put("script", "1")).path("reason"))
                    .hasToString("\"not_unique\"");
            assertThat(contacts()).isEqualTo(1);
        }
    }

    @Nested
    class A_key_is_free_again {
        @Test
        void after_a_script_that_failed() {
            error(create("k", "Ada").put("script", "throw new Error(params)"));
            assertThat(done(create("k", "Ada")).has("repeated")).isFalse();
        }

        @Test
        void after_a_dry_run_which_takes_no_notice_of_keys() {
            done(create("k", "Ada").put("dryRun", true));
            var first = done(create("k", "Ada"));
            assertThat(first.has("repeated")).isFalse();
            assertThat(done(create("k", "Ada").put("dryRun", true)).has("repeated")).isFalse();
        }

        @Test
        void after_a_caller_who_may_only_read() {
            workspace.result("await $.Contact.create({ name: 'Ada' })");
            var count = create("k", "Ada").put("script", "await $.Contact.count()");
            try (var reader =
                    new Workspace(data, new Caller("default", "eve", true), Limits.DEFAULT)) {
                assertThat(Workspace.done(reader.call("do", count)).has("repeated")).isFalse();
                assertThat(Workspace.done(reader.call("do", count)).has("repeated")).isFalse();
            }
            var first = done(count);
            assertThat(first.has("repeated")).isFalse();
            try (var reader =
                    new Workspace(data, new Caller("default", "eve", true), Limits.DEFAULT)) {
                assertThat(Workspace.done(reader.call("do", count))).isEqualTo(repeated(first));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "'  '", "7", "{}"})
    void that_is_no_text_of_1_to_200_characters_is_refused(String key) {
        assertThat(
                        workspace
                                .refused("do", "{'script': '1', 'idempotencyKey': " + key + "}")
                                .path("repair"))
                .hasToString(
                        "\"Send idempotencyKey as a text of 1 to 200 characters, a new one for each thing to be done.\"");
    }

    @Test
    void of_200_characters_is_taken_and_of_201_refused() {
        assertThat(done(create("k".repeat(200), "Ada")).has("result")).isTrue();
        assertThat(error(create("k".repeat(201), "Ada")).path("field"))
                .hasToString("\"idempotencyKey\"");
    }
}
