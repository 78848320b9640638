package assay.domain.recipe;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ParamsTest {
    static final String DECLARED =
            """
            {'type': 'object', 'required': ['name', 'arms'], 'properties': {
              'name': {'type': 'string', 'description': 'what it is called'},
              'arms': {'type': 'array', 'items': {'type': 'string'}, 'minItems': 2, 'examples': [['a', 'b']]},
              'share': {'type': 'number', 'minimum': 0, 'maximum': 100, 'default': 50},
              'count': {'type': 'integer'},
              'kind': {'type': 'string', 'enum': ['fast', 'slow']},
              'start': {'type': 'boolean', 'default': false},
              'more': {'type': 'object', 'minProperties': 1},
              'any': {}}}
            """;

    static final Params PARAMS = Params.of(json(DECLARED));

    @Test
    void are_filled_with_the_defaults_in_the_order_of_the_declaration() {
        assertThat(PARAMS.filled("r", json("{'kind': 'slow', 'arms': ['x', 'y'], 'name': 'n'}")))
                .hasToString(
                        json("{'name': 'n', 'arms': ['x', 'y'], 'share': 50, 'kind': 'slow', 'start': false}")
                                .toString());
    }

    @Test
    void may_be_left_out_where_nothing_is_required() {
        var free = Params.of(json("{'properties': {'a': {'default': 1}}}"));
        assertThat(free.filled("r", json("{}").path("nothing"))).isEqualTo(json("{'a': 1}"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                ~ missing_field: The recipe 'r' needs the parameter 'name'. | It is 'what it is called'. Send name and arms of your own in params. The recipe takes: name, arms, share?, count?, kind?, start?, more?, any?. An example of what they look like: {"name":"text","arms":["a","b"]}.
                    {'name': 'x'}     ~ missing_field: The recipe 'r' needs the parameter 'arms'. | Send arms of your own in params. The recipe takes: name, arms, share?, count?, kind?, start?, more?, any?. An example of what they look like: {"arms":["a","b"]}.
                    {'arms': {}}      ~ invalid_value: params.arms of the recipe 'r' is {}, which is not an array. | Send params.arms as an array, such as ["a","b"].
                    {'nam': 'x'}      ~ unknown_field: The recipe 'r' has no parameter 'nam'. | Did you mean 'name'? It takes: name, arms, share?, count?, kind?, start?, more?, any?.
                    {'name': 7}       ~ invalid_value: params.name of the recipe 'r' is 7, which is not a text. | Send params.name as '7'.
                    {'share': '50'}   ~ invalid_value: params.share of the recipe 'r' is '50', which is not a number. | Send params.share as 50.
                    {'share': 200}    ~ invalid_value: params.share of the recipe 'r' is 200, which is too large. | Send params.share with at most 100.
                    {'share': -1}     ~ invalid_value: params.share of the recipe 'r' is -1, which is too small. | Send params.share with at least 0.
                    {'count': 1.5}    ~ invalid_value: params.count of the recipe 'r' is 1.5, which is not a whole number. | Send params.count as a whole number.
                    {'kind': 'fsat'}  ~ invalid_value: params.kind of the recipe 'r' is 'fsat', which is not in its list. | Send params.kind as 'fast', or another of: fast, slow.
                    {'start': 'yes'}  ~ invalid_value: params.start of the recipe 'r' is 'yes', which is not true or false. | Send params.start as true or false.
                    {'arms': ['a']}   ~ invalid_value: params.arms of the recipe 'r' is ["a"], which is too short. | Send params.arms with at least 2 in it.
                    {'arms': ['a', 1]} ~ invalid_value: params.arms[1] of the recipe 'r' is 1, which is not a text. | Send params.arms[1] as '1'.
                    {'more': {}}      ~ invalid_value: params.more of the recipe 'r' is {}, which is too short. | Send params.more with at least 1 in it.
                    """)
    void that_do_not_fit_are_refused_by_name(String given, String sentence) {
        assertThat(refusal(() -> PARAMS.filled("r", json(given)))).isEqualTo(sentence);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'nam': 'x', 'arms': ['c', 'd']}     ~ {'name': 'x', 'arms': ['c', 'd']}
                    {'name': 7, 'share': '50', 'start': 'true', 'arms': ['c', 'd']} ~ {'name': '7', 'share': 50, 'start': true, 'arms': ['c', 'd']}
                    {'name': 'x', 'kind': 'fsat', 'count': '3', 'arms': ['c', 'd']} ~ {'name': 'x', 'kind': 'fast', 'count': 3, 'arms': ['c', 'd']}
                    """)
    void are_corrected_in_spelling_and_type(String given, String corrected) {
        assertThat(PARAMS.corrected(json(given))).contains(json(corrected));
        assertThat(PARAMS.filled("r", json(corrected)).path("name"))
                .isEqualTo(json(corrected).path("name"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{}",
                "{'name': 'x'}",
                "{'name': 'x', 'arms': ['c']}",
                "{'name': 'x', 'arms': ['c', 'd'], 'count': 1.5}",
                "{'name': 'x', 'arms': ['c', 'd'], 'unheard': 1}",
                "{'name': 'x', 'nam': 'y', 'arms': ['c', 'd']}",
                "{'nam': 'x', 'nme': 'y', 'arms': ['c', 'd']}"
            })
    void are_not_corrected_by_values_nobody_sent_or_by_leaving_some_out(String given) {
        assertThat(PARAMS.corrected(json(given))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"{'arm2': 'new1'}", "{'arm1': 'new2'}", "{'arm': 'new1'}"})
    void that_differ_only_in_digits_are_no_slip_of_the_pen(String given) {
        var numbered = Params.of(json("{'properties': {'arm1': {'enum': ['new1']}, 'other': {}}}"));
        assertThat(numbered.corrected(json(given))).isEmpty();
        assertThat(numbered.corrected(json("{'amr1': 'nwe1'}"))).contains(json("{'arm1': 'new1'}"));
    }

    @Test
    void that_are_no_object_are_not_corrected_and_are_told_an_example() {
        var list = json("{'a': ['x']}").path("a");
        assertThat(PARAMS.corrected(list)).isEmpty();
        assertThat(refusal(() -> PARAMS.filled("r", list)))
                .isEqualTo(
                        "invalid_value: [\"x\"] cannot be the params of the recipe 'r'. | Send params as an object. The recipe takes: name, arms, share?, count?, kind?, start?, more?, any?. An example of what they look like: {\"name\":\"text\",\"arms\":[\"a\",\"b\"]}.");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'name': {'type': 'string'}}                   ~ {"name":{"type":"string"}} does not say what the recipe takes.
                    {'type': 'array'}                              ~ {"type":"array"} does not say what the recipe takes.
                    {'properties': {'a': 'string'}}                ~ 'string' does not declare a parameter.
                    {'properties': {'a': {'type': 'text'}}}        ~ 'text' is not a type of a parameter; use one of: string, number, integer, boolean, array, object.
                    {'properties': {'a': {'pattern': 'x'}}}        ~ 'pattern' means nothing in params; use only: type, description, enum, default, examples, minimum, maximum, items, minItems, minProperties.
                    {'properties': {'a': {'type': 'number', 'default': 'x'}}} ~ 'x' is not a number.
                    {'properties': {'a': {}}, 'required': ['b']}   ~ 'b' is required and not among the properties.
                    """)
    void are_declared_in_a_part_of_JSON_Schema(String declared, String problem) {
        assertThat(refusal(() -> Params.of(json(declared))))
                .isEqualTo(
                        "invalid_value: %s | Send params like {type: 'object', properties: {name: {type: 'string'}}, required: ['name']}."
                                .formatted(problem));
    }
}
