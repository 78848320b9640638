package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an agent reads of the tools before its first call.
@DisplayNameGeneration(ReplaceUnderscores.class)
class DefinitionsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/assay/tools/definitions.json");

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

    /// Run with `-Dassay.golden=write` to write it anew after a change of wording.
    @Test
    void stand_in_a_file_so_that_every_change_of_them_is_seen() throws Exception {
        var all =
                JsonMapper.shared()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(workspace.definitions());
        if ("write".equals(System.getProperty("assay.golden"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, all + "\n");
        }
        assertThat(all + "\n").isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void cost_an_agent_less_than_1200_tokens_together() {
        var characters =
                workspace.definitions().stream().mapToInt(tool -> tool.toString().length()).sum();
        assertThat(characters / 4).isLessThan(1_200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "search; resource, noun; query, type, filter, sort, limit, offset, cursor, include, fields, asOf, countOnly",
                "fetch; resource, noun; id, type, include, fields, asOf",
                "do; code; script, recipe, params, dryRun, idempotencyKey"
            })
    void name_every_argument_but_the_aliases(String tool, String aliases, String arguments) {
        var declared =
                new TreeSet<>(
                        definition(tool).path("inputSchema").path("properties").propertyNames());
        assertThat(declared).isEqualTo(new TreeSet<>(List.of(arguments.split(", ", -1))));
        var accepted = workspace.refused(tool, "{'nothing': 1}").path("repair").stringValue();
        var list = accepted.substring(accepted.indexOf("Send only: ") + 11, accepted.length() - 1);
        var undeclared = new TreeSet<>(List.of(list.split(", ", -1)));
        undeclared.removeAll(declared);
        assertThat(List.of(aliases.split(", ", -1))).containsAll(undeclared);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "search {'query': 'shop'}",
                "search {'type': 'Experiment', 'filter': {'status': 'Draft'}, 'limit': 1}",
                "search {'countOnly': true}",
                "search {'typ': 'Experiment'}",
                "fetch {'id': 'shop'}",
                "fetch {'id': 'Ada', 'type': 'Contact'}",
                "fetch {'type': 'Schema'}",
                "fetch {'type': 'Schema', 'id': 'Experiment'}",
                "fetch {'type': 'Status'}",
                "fetch {'type': 'History', 'id': 'shop'}",
                "do {'script': '1'}",
                "do {'script': 'return [await $.Experiment.find()]', 'dryRun': true}",
                "do {'script': '1', 'idempotencyKey': 'a'}",
                "do {'script': 'throw 1'}",
                "do {'script': 'a +'}",
                "do {'recipe': 'check-all', 'params': {'limit': 3}}",
                "do {'recipe': 'check-al'}",
                "search {'type': 'Recipe'}",
                "fetch {'id': 'ab-test'}",
                "do {}"
            })
    void admit_what_the_tools_answer(String call) {
        workspace.result(
                """
                const ada = await $.Contact.create({ name: 'Ada', title: 'Captain' })
                await $.Experiment.createMany([{ name: 'shop', slug: 'shop', owner: ada.$id }, { name: 'b' }])
                """);
        var tool = call.substring(0, call.indexOf(' '));
        var arguments = Workspace.json(call.substring(call.indexOf(' ') + 1));
        assertThat(
                        errors(
                                definition(tool).path("outputSchema"),
                                workspace.call(tool, arguments).value()))
                .isEmpty();
        if (!arguments.has("typ")) {
            assertThat(errors(definition(tool).path("inputSchema"), arguments)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"search", "fetch", "do"})
    void say_by_annotation_which_tools_write(String tool) {
        var annotations = definition(tool).path("annotations");
        assertThat(annotations.path("readOnlyHint").booleanValue()).isEqualTo(!tool.equals("do"));
        assertThat(annotations.path("openWorldHint").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"search", "fetch", "do"})
    void fit_what_clients_show_of_a_description(String tool) {
        assertThat(definition(tool).path("description").stringValue()).hasSizeLessThan(2_000);
    }

    @Test
    void name_every_type_that_there_is() {
        var description = definition("search").path("description").stringValue();
        assertThat(workspace.folder().nouns().all())
                .allSatisfy(noun -> assertThat(description).contains(noun.name()));
    }

    private JsonNode definition(String tool) {
        return workspace.definitions().stream()
                .filter(definition -> definition.path("name").stringValue().equals(tool))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> errors(JsonNode schema, JsonNode value) {
        Schema validator =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema.toString(), InputFormat.JSON);
        return validator.validate(value.toString(), InputFormat.JSON).stream()
                .map(Object::toString);
    }
}
