package assay.domain.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.JsonText;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TemplateTest {
    private static final Input ITEM =
            new Input(
                    JsonText.json(
                            "{'name': 'Ada', 'age': 36, 'order': {'id': 'X1', 'lines': ['pen', 'ink']}, 'evil': '{{name}}', 'gone': null}"));

    private static String rendered(String template) {
        return Template.of(template).render(ITEM::value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    Dear {{name}}!              ~ Dear Ada!
                    {{ name }} is {{age}}       ~ Ada is 36
                    {{order.id}}                ~ X1
                    {{order.lines.1}}           ~ ink
                    {{order.lines}}             ~ ["pen","ink"]
                    \\{{name}}                  ~ {{name}}
                    {{#if name}}x{{/if}}        ~ {{#if name}}x{{/if}}
                    {"a": {"b": 1}}             ~ {"a": {"b": 1}}
                    {{name                      ~ {{name
                    {{{name}}}                  ~ {{{name}}}
                    {{nobody}} and {{gone}}     ~ {{nobody}} and {{gone}}
                    {{evil}}                    ~ {{name}}
                    """)
    void puts_values_in_place_of_names_and_leaves_the_rest(String template, String text) {
        assertThat(rendered(template)).isEqualTo(text);
    }

    @Test
    void lists_its_variables_once_in_their_order() {
        assertThat(Template.of("{{b}} {{a.c}} {{b}} \\{{d}} {{#e}}").variables())
                .isEqualTo(List.of("b", "a.c"));
    }

    @Test
    void knows_the_line_of_what_only_looks_like_a_variable() {
        assertThat(Template.of("one\ntwo {{x}}\nthree {{#each y}}").parts())
                .isEqualTo(
                        List.of(
                                new Template.Part.Text("one\ntwo ", 1, false),
                                new Template.Part.Variable("x"),
                                new Template.Part.Text("\nthree ", 2, false),
                                new Template.Part.Text("{{#each y}}", 3, true)));
    }

    @Test
    void takes_an_input_that_is_no_object_as_the_variable_input() {
        var input = new Input(JsonNodeFactory.instance.stringNode("Where is it?"));
        assertThat(Template.of("Q: {{input}}").render(input::value)).isEqualTo("Q: Where is it?");
        assertThat(Template.of("{{input}}").render(ITEM::value)).startsWith("{\"name\":\"Ada\"");
    }
}
