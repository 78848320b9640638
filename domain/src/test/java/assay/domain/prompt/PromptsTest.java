package assay.domain.prompt;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PromptsTest {
    @TempDir Path data;
    private Bench bench;
    private String first;

    @BeforeEach
    void open() {
        bench = new Bench(data);
        first =
                id(
                        bench.create(
                                "Prompt",
                                """
                                {'name': 'Support reply', 'model': 'small-1', 'parameters': {'temperature': 0.20, 'top': 3},
                                 'messages': [{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': 'Q: {{question}} from {{customer.name}}'}]}
                                """));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static String id(JsonNode prompt) {
        return prompt.path("$id").stringValue();
    }

    private ObjectNode version(String of, String changes) {
        return bench.write(work -> work.prompts().version(of, json(changes)));
    }

    private static ObjectNode only(ObjectNode prompt, String... fields) {
        return prompt.deepCopy().retain(fields);
    }

    @Nested
    class The_first_version {
        @Test
        void begins_a_family_that_is_called_after_its_name() {
            assertThat(
                            only(
                                    bench.get("Prompt", "support-reply@1", "{}").orElseThrow(),
                                    "key",
                                    "family",
                                    "number",
                                    "variables",
                                    "warnings"))
                    .isEqualTo(
                            json(
                                    "{'key': 'support-reply@1', 'family': 'support-reply', 'number': 1, 'variables': ['question', 'customer.name']}"));
        }

        @Test
        void of_a_name_that_has_a_family_is_refused_with_the_newest_version() {
            assertThat(
                            refusal(() ->
                                    bench.create(
                                            "Prompt",
                                            "{'name': 'Support  Reply', 'template': 'Hello {{question}}'}")))
                    .isEqualTo(
                            "not_unique: There is a prompt family 'support-reply' already; its newest version is support-reply@1. | Make its next version with $.Prompt.version('%s', {template: …}), or choose another name."
                                    .formatted(first));
        }

        @Test
        void warns_of_what_is_probably_not_meant() {
            var prompt =
                    bench.create(
                            "Prompt",
                            "{'name': 'Odd', 'messages': [{'role': 'system', 'content': 'Dear {name},\\n{{#each x}}'}]}");
            assertThat(prompt.path("warnings"))
                    .isEqualTo(
                            Bench.value(
                                    """
                                    ["'{{#each x}}' in line 2 is no variable and stays as it is; variables are {{name}} or {{name.part}}.",
                                     "'{name}' is text here; a variable is written {{name}}.",
                                     "There is no {{variable}}, so every item is asked the same.",
                                     "No message has the role user; some models refuse that."]
                                    """
                                            .replace("'", "\\u0027")));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                quoteCharacter = '`',
                textBlock =
                        """
                        {}                                                         ~ missing_field: A prompt needs template or messages. | Send template: 'Answer briefly: {{question}}', or messages: [{role: 'system', content: '…'}, {role: 'user', content: '{{question}}'}].
                        {'template': 'a', 'messages': [{'role': 'user', 'content': 'a'}]} ~ invalid_value: A prompt has template or messages, not both. | Send messages: [{role: 'system', content: '…'}, {role: 'user', content: '…'}], or template for one message of the user.
                        {'messages': []}                                           ~ invalid_value: [] is not a list of 1 to 100 messages. | Send messages as [{role: 'user', content: '…'}].
                        {'messages': [{'role': 'usr', 'content': 'a'}]}            ~ invalid_value: 'usr' is no role of a message. | Did you mean 'user'? Use one of: system, developer, user, assistant, tool.
                        {'messages': [{'role': 'user', 'text': 'a'}]}              ~ unknown_field: A message has no 'text'. | Send {role, content, name}.
                        {'messages': [{'role': 'user', 'content': 5}]}             ~ invalid_value: 5 cannot be the content of a message. | Send content as a text, or as an array of parts such as {type: 'text', text: '…'}.
                        {'template': 'a', 'parameters': [1]}                       ~ invalid_value: [1] cannot be the parameters of a model. | Send parameters as an object, such as {temperature: 0.2}.
                        {'template': 'a', 'hash': 'x'}                             ~ computed_field: Prompt.hash is computed and cannot be set to 'x'. | Leave hash out: it follows from name and content.
                        """)
        void is_refused_when_it_cannot_be(String content, String refusal) {
            var data = json(content).put("name", "New");
            assertThat(refusal(() -> bench.create("Prompt", data.toString()))).isEqualTo(refusal);
        }
    }

    @Nested
    class The_next_version {
        @Test
        void takes_over_what_it_does_not_change_and_knows_its_parent() {
            var next = version(first, "{'model': 'large-1', 'description': 'a larger model'}");
            assertThat(
                            only(
                                    next,
                                    "name",
                                    "key",
                                    "number",
                                    "parent",
                                    "model",
                                    "parameters",
                                    "description"))
                    .isEqualTo(
                            json(
                                    "{'name': 'Support reply', 'key': 'support-reply@2', 'number': 2, 'parent': '%s', 'model': 'large-1', 'parameters': {'temperature': 0.20, 'top': 3}, 'description': 'a larger model'}"
                                            .formatted(first)));
        }

        @Test
        void of_the_same_content_is_the_version_that_has_it() {
            var same = version(first, "{'parameters': {'top': 3.0, 'temperature': 0.2}}");
            assertThat(id(same)).isEqualTo(first);
            assertThat(bench.count("Prompt", "{}", "{}")).isEqualTo(1);
        }

        @Test
        void may_put_a_template_in_place_of_messages() {
            var next = version("support-reply", "{'template': 'Just answer {{question}}'}");
            assertThat(next.has("messages")).isFalse();
            assertThat(next.path("template").stringValue()).isEqualTo("Just answer {{question}}");
        }

        @Test
        void of_two_workers_gets_numbers_of_its_own() {
            version(first, "{'model': 'a'}");
            var other = version(first, "{'model': 'b'}");
            assertThat(only(other, "number", "parent"))
                    .isEqualTo(json("{'number': 3, 'parent': '%s'}".formatted(first)));
        }
    }

    @Nested
    class A_version {
        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                textBlock =
                        """
                        {"model": "b"}                ~ model
                        {"parameters": null}          ~ parameters
                        {"messages": [{"role": "user", "content": "b"}]} ~ messages
                        """)
        void never_changes_its_content(String change, String field) {
            assertThat(refusal(() -> bench.update("Prompt", first, change)))
                    .isEqualTo(
                            "illegal_transition: A version of a prompt never changes its %2$s. | Make the next version with $.Prompt.version('%1$s', {%2$s: …})."
                                    .formatted(first, field));
        }

        @Test
        void may_get_another_description_and_other_tags() {
            var updated =
                    bench.update(
                            "Prompt", first, "{'description': 'the first', 'tags': ['a', 'b']}");
            assertThat(only(updated, "description", "tags", "$version"))
                    .isEqualTo(json("{'$version': 2, 'description': 'the first', 'tags': 'a,b'}"));
        }

        @Test
        void is_rendered_with_the_members_of_an_input() {
            assertThat(
                            bench.<ObjectNode>read(work ->
                                    work.prompts()
                                            .render(
                                                    "support-reply@1",
                                                    json(
                                                            "{'question': 'Why?', 'customer': {'name': 'Ada'}, 'mood': 'good'}"),
                                                    json("{}"))))
                    .isEqualTo(
                            json(
                                    """
                                    {'prompt': '%s', 'key': 'support-reply@1',
                                     'messages': [{'role': 'system', 'content': 'Be brief.'}, {'role': 'user', 'content': 'Q: Why? from Ada'}],
                                     'model': 'small-1', 'parameters': {'temperature': 0.20, 'top': 3}, 'missing': [], 'unused': ['mood']}
                                    """
                                            .formatted(first)));
        }

        @Test
        void is_not_rendered_without_a_value_unless_in_part() {
            var input = json("{'customer': {}, 'question': 'Why?'}");
            assertThat(
                            refusal(() ->
                                    bench.read(work ->
                                            work.prompts().render(first, input, json("{}")))))
                    .isEqualTo(
                            "missing_field: The input has no value for 'customer.name' of prompt 'support-reply@1'; it has 'customer, question'. | Give the input a member customer, or make a version of the prompt without {{customer.name}}.");
            assertThat(
                            bench.<ObjectNode>read(work ->
                                            work.prompts()
                                                    .render(
                                                            first,
                                                            input,
                                                            json("{'partial': true}")))
                                    .path("missing"))
                    .isEqualTo(Bench.value("['customer.name']"));
        }

        @Test
        void is_compared_with_another_line_by_line() {
            version(
                    first,
                    "{'model': 'large-1', 'messages': [{'role': 'user', 'content': 'Q: {{question}}'}]}");
            assertThat(bench.<ObjectNode>read(work -> work.prompts().diff(first, "support-reply")))
                    .isEqualTo(
                            json("{'from': 'support-reply@1', 'to': 'support-reply@2', 'same': false, 'added': 2, 'removed': 4}")
                                    .put(
                                            "text",
                                            """
                                            - model: small-1
                                            + model: large-1
                                              temperature: 0.2
                                              top: 3
                                            - [system]
                                            - Be brief.
                                              [user]
                                            - Q: {{question}} from {{customer.name}}
                                            + Q: {{question}}\
                                            """));
        }

        @Test
        void tells_whether_it_fits_the_items_of_a_dataset() {
            bench.create(
                    "Dataset",
                    """
                    {'name': 'Mail', 'slug': 'mail', 'items': [
                      {'id': 'a', 'input': {'question': 'Why?', 'customer': {'name': 'Ada'}}},
                      {'id': 'b', 'input': {'question': 'Where is it?', 'mood': 'bad'}},
                      {'id': 'c', 'input': {'question': 'Who?', 'customer': {'name': 'Eve'}, 'mood': 'good'}, 'split': 'test'}]}
                    """);
            assertThat(
                            bench.<ObjectNode>read(
                                            work -> work.prompts().fit(first, "mail", json("{}")))
                                    .toString())
                    .isEqualTo(
                            json("""
                            {'items': 3, 'fits': false,
                             'missing': [{'variable': 'customer.name', 'items': 1, 'examples': ['b']}],
                             'unused': [{'member': 'mood', 'items': 2, 'examples': ['b', 'c']}],
                             'characters': 97, 'tokens': 24, 'longest': {'item': 'b', 'characters': 47}}
                            """)
                                    .toString());
            assertThat(
                            bench.<ObjectNode>read(work ->
                                            work.prompts()
                                                    .fit(first, "mail", json("{'split': 'test'}")))
                                    .path("fits")
                                    .booleanValue())
                    .isTrue();
        }

        @Test
        void tells_where_it_comes_from() {
            var second = id(version(first, "{'model': 'b', 'description': 'why not b'}"));
            version(second, "{'model': 'c'}");
            version(second, "{'model': 'd'}");
            assertThat(bench.<ObjectNode>read(work -> work.prompts().lineage(second)))
                    .isEqualTo(
                            json(
                                    """
                                    {'family': 'support-reply', 'lineage': [
                                      {'id': '%1$s', 'key': 'support-reply@1', 'number': 1, 'createdAt': '2026-03-30T09:00:00.000Z', 'createdBy': 'ada'},
                                      {'id': '%2$s', 'key': 'support-reply@2', 'number': 2, 'parent': '%1$s', 'description': 'why not b',
                                       'createdAt': '2026-03-30T09:00:00.000Z', 'createdBy': 'ada', 'edit': {'changed': ['model'], 'added': 1, 'removed': 1}}],
                                     'children': ['support-reply@3', 'support-reply@4']}
                                    """
                                            .formatted(first, second)));
        }
    }
}
