package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.store.Dump;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The list of changes is what happens: the one of a dry run tells what a real run will do, and the
/// one of a real run turns what was there into what is.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChangesTest {
    private static final int PER_WORLD = 20;
    private static final Set<String> APPENDS = Set.of("assign", "record");

    @TempDir Path data;

    @Test
    void of_random_scripts_are_the_same_in_the_dry_run_and_in_the_real_run_after_it()
            throws Exception {
        compare(3);
    }

    @Test
    @Tag("heavy")
    void of_200_random_scripts_are_the_same_in_the_dry_run_and_in_the_real_run_after_it()
            throws Exception {
        compare(10);
    }

    private void compare(int worlds) throws Exception {
        var steps = new RandomScripts(4);
        var actions = new HashSet<String>();
        for (var world = 0; world < worlds; world++) {
            try (var workspace = new Workspace(data.resolve("world" + world))) {
                workspace.result(RandomScripts.WORLD);
                for (var i = 0; i < PER_WORLD; i++) {
                    var script = RandomScripts.script(steps.steps(12));
                    var dry = changes(workspace, script, true);
                    var before = Dump.documents(workspace.folder(), "default");
                    var real = changes(workspace, script, false);
                    assertThat(comparable(dry)).as(script).isEqualTo(comparable(real));
                    assertThat(applied(before, real))
                            .as(script)
                            .isEqualTo(Dump.documents(workspace.folder(), "default"));
                    real.forEach(change -> actions.add(change.path("action").stringValue()));
                }
            }
        }
        assertThat(actions)
                .containsExactlyInAnyOrder(
                        "create",
                        "update",
                        "delete",
                        "start",
                        "pause",
                        "resume",
                        "stop",
                        "archive",
                        "conclude",
                        "run",
                        "assign",
                        "record");
    }

    /// Ids numbered, and without the numbers of looks: the look of a dry run is logged too, so the
    /// one of the real run comes after it.
    private static JsonNode comparable(JsonNode changes) {
        return Workspace.list(
                Workspace.numbered(changes)
                        .toString()
                        .replace('\'', '`')
                        .replaceAll("look \\d+\\b", "look n")
                        .replaceAll("\"looks?\":\\d+", "\"looks\":0"));
    }

    private static JsonNode changes(Workspace workspace, String script, boolean dryRun) {
        var arguments =
                JsonNodeFactory.instance.objectNode().put("script", script).put("dryRun", dryRun);
        return Workspace.done(workspace.call("do", arguments)).path("changes");
    }

    /// The documents after the changes, each of which must begin where the one before ended.
    private static Map<String, ObjectNode> applied(
            Map<String, ObjectNode> before, JsonNode changes) {
        var documents = new LinkedHashMap<String, ObjectNode>();
        before.forEach((id, document) -> documents.put(id, document.deepCopy()));
        for (var change : changes) {
            var id = change.path("id").stringValue();
            var action = change.path("action").stringValue();
            if (APPENDS.contains(action) || change.path("type").stringValue().equals("Event")) {
                continue;
            }
            var document = documents.getOrDefault(id, JsonNodeFactory.instance.objectNode());
            if (action.equals("delete")) {
                var last = (ObjectNode) change.path("before");
                assertThat(last.removeIf(JsonNode::isNull)).isEqualTo(document);
                documents.remove(id);
                continue;
            }
            change.path("before")
                    .properties()
                    .forEach(field ->
                            assertThat(document.path(field.getKey()))
                                    .isEqualTo(
                                            field.getValue().isNull()
                                                    ? JsonNodeFactory.instance.missingNode()
                                                    : field.getValue()));
            for (var field : change.path("after").properties()) {
                if (field.getValue().isNull()) {
                    document.remove(field.getKey());
                } else {
                    document.set(field.getKey(), field.getValue());
                }
            }
            documents.put(id, document);
        }
        return documents;
    }

    @Test
    void of_a_deleted_object_that_comes_back_say_every_field_it_comes_back_with() {
        try (var workspace = new Workspace(data)) {
            assertThat(
                            Workspace.numbered(
                                    workspace.changes(
                                            """
                                            const { $id } = await $.Contact.create({ name: 'Ada', title: 'Dr' })
                                            await $.Contact.delete($id)
                                            await $.Contact.rollback($id, 1)
                                            """)))
                    .isEqualTo(
                            Workspace.list(
                                    """
                                    [{'action': 'create', 'type': 'Contact', 'id': 'contact_1', 'before': {},
                                      'after': {'name': 'Ada', 'title': 'Dr'}},
                                     {'action': 'delete', 'type': 'Contact', 'id': 'contact_1',
                                      'before': {'name': 'Ada', 'title': 'Dr'}, 'after': {}},
                                     {'action': 'update', 'type': 'Contact', 'id': 'contact_1',
                                      'before': {'name': null, 'title': null},
                                      'after': {'name': 'Ada', 'title': 'Dr'}}]\
                                    """));
        }
    }

    @Test
    void are_one_entry_for_each_event_that_a_script_creates() {
        try (var workspace = new Workspace(data)) {
            var changes =
                    workspace.changes(
                            "for (const userId of ['a', 'b']) await $.Event.create({ name: 'Seen', type: 'seen', userId })");
            assertThat(changes.valueStream().map(change -> change.path("action").stringValue()))
                    .isEqualTo(List.of("create", "create"));
        }
    }
}
