package assay.domain.recipe;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                    {}                ~ missing_field: The recipe 'r' needs the parameter 'name'. | It is 'what it is called'. The recipe takes: name, arms, share?, count?, kind?, start?, more?, any?. In fix an example stands in its place.
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
                    {}                                   ~ {'name': 'text', 'arms': ['a', 'b']}
                    {'nam': 'x', 'arms': ['c', 'd']}     ~ {'name': 'x', 'arms': ['c', 'd']}
                    {'name': 7, 'share': '50', 'q': 1}   ~ {'name': '7', 'share': 50, 'arms': ['a', 'b']}
                    {'name': 'x', 'kind': 'fsat', 'count': 1.5, 'arms': ['a']} ~ {'name': 'x', 'kind': 'fast', 'arms': ['a', 'b']}
                    """)
    void are_corrected_into_what_the_recipe_takes(String given, String corrected) {
        assertThat(PARAMS.corrected(json(given))).isEqualTo(json(corrected));
        assertThat(PARAMS.filled("r", PARAMS.corrected(json(given)))).isNotNull();
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
