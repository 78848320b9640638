package assay.domain.experiment;

import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AudienceTest {
    static Optional<String> misses(String audience, String attributes) {
        return Audience.parse("audience", Bench.value(audience)).misses(Bench.value(attributes));
    }

    @ParameterizedTest(name = "{0} of {1}: {2}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'field': 'a', 'operator': 'eq', 'value': 'x'}               ~ {'a': 'x'}            ~ true
                    {'field': 'a', 'operator': 'eq', 'value': 'x'}               ~ {'a': ['y', 'x']}     ~ true
                    {'field': 'a', 'operator': 'eq', 'value': 1}                 ~ {'a': 1.0}            ~ true
                    {'field': 'a', 'operator': 'eq', 'value': 1}                 ~ {'a': '1'}            ~ false
                    {'field': 'a', 'operator': 'eq', 'value': 'x'}               ~ {}                    ~ false
                    {'field': 'a', 'operator': 'neq', 'value': 'x'}              ~ {}                    ~ true
                    {'field': 'a', 'operator': 'gt', 'value': 5}                 ~ {'a': 5}              ~ false
                    {'field': 'a', 'operator': 'gte', 'value': 5}                ~ {'a': 5}              ~ true
                    {'field': 'a', 'operator': 'lt', 'value': 'b'}               ~ {'a': 'abc'}          ~ true
                    {'field': 'a', 'operator': 'lte', 'value': 5}                ~ {'a': '4'}            ~ false
                    {'field': 'a', 'operator': 'lt', 'value': '2026-11-20T10:00:00Z'} ~ {'a': '2026-11-20T10:30:00+01:00'} ~ true
                    {'field': 'a', 'operator': 'in', 'value': ['x', 7]}          ~ {'a': 7}              ~ true
                    {'field': 'a', 'operator': 'in', 'value': ['x', 7]}          ~ {'a': '7'}            ~ false
                    {'field': 'a', 'operator': 'not_in', 'value': ['x']}         ~ {'a': 'y'}            ~ true
                    {'field': 'a', 'operator': 'contains', 'value': 'el'}        ~ {'a': 'hello'}        ~ true
                    {'field': 'a', 'operator': 'contains', 'value': 'el'}        ~ {'a': ['hello']}      ~ false
                    {'field': 'a', 'operator': 'contains', 'value': 2}           ~ {'a': [1, 2]}         ~ true
                    {'field': 'a', 'operator': 'not_contains', 'value': 'el'}    ~ {'a': 'hello'}        ~ false
                    {'field': 'a', 'operator': 'starts_with', 'value': 'he'}     ~ {'a': 'hello'}        ~ true
                    {'field': 'a', 'operator': 'ends_with', 'value': 'he'}       ~ {'a': 'hello'}        ~ false
                    {'field': 'a', 'operator': 'exists'}                         ~ {'a': 0}              ~ true
                    {'field': 'a', 'operator': 'exists'}                         ~ {'a': null}           ~ false
                    {'field': 'a', 'operator': 'not_exists'}                     ~ {}                    ~ true
                    {'field': 'a', 'operator': 'regex', 'value': '^h.l+'}        ~ {'a': 'hello'}        ~ true
                    {'field': 'a.b', 'operator': 'eq', 'value': 1}               ~ {'a': {'b': 1}}       ~ true
                    {'attribute': 'a', 'op': 'notIn', 'values': ['x']}           ~ {'a': 'x'}            ~ false
                    {'all': [{'field': 'a', 'operator': 'eq', 'value': 1}, {'not': {'field': 'b', 'operator': 'eq', 'value': 1}}]} ~ {'a': 1, 'b': 2} ~ true
                    {'any': [{'field': 'a', 'operator': 'eq', 'value': 2}, {'all': [{'field': 'b', 'operator': 'eq', 'value': 1}]}]} ~ {'a': 1, 'b': 1} ~ true
                    {'logicalOperator': 'OR', 'rules': [{'field': 'a', 'operator': 'eq', 'value': 2}, {'field': 'b', 'operator': 'eq', 'value': 2}]} ~ {'a': 1, 'b': 2} ~ true
                    {'logicalOperator': 'AND', 'rules': [{'field': 'a', 'operator': 'eq', 'value': 1}, {'field': 'b', 'operator': 'eq', 'value': 1}]} ~ {'a': 1, 'b': 2} ~ false
                    [{'field': 'a', 'operator': 'eq', 'value': 1}]               ~ {'a': 1}              ~ true
                    {'a': 'x', 'b': {'$gte': 2, '$lt': 5}}                       ~ {'a': 'x', 'b': 4}    ~ true
                    {'$or': [{'a': 'y'}, {'b': {'$in': [4]}}]}                   ~ {'a': 'x', 'b': 4}    ~ true
                    {'a': null, 'b': {'$not': {'$gt': 5}}}                       ~ {'b': 4}              ~ true
                    {'a': {'$exists': false}}                                    ~ {'a': 1}              ~ false
                    """)
    void takes_in(String audience, String attributes, boolean isIn) {
        assertThat(misses(audience, attributes).isEmpty()).isEqualTo(isIn);
    }

    @Test
    void says_why_a_subject_is_not_in() {
        var rules =
                "{'all': [{'field': 'plan', 'operator': 'in', 'value': ['pro']}, {'any': [{'age': {'$gte': 18}}, {'staff': true}]}]}";
        assertThat(misses(rules, "{'plan': 'free'}")).contains("plan in [\"pro\"] does not hold");
        assertThat(misses(rules, "{'plan': 'pro', 'age': 4}"))
                .contains(
                        "none of 2 alternatives holds, the first because age gte 18 does not hold");
    }

    @Test
    void gives_up_on_a_pattern_that_backtracks_without_end() {
        assertThat(
                        misses(
                                "{'field': 'a', 'operator': 'regex', 'value': '(a+)+$'}",
                                "{'a': '%sb'}".formatted("a".repeat(60))))
                .isPresent();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    5                                                   ~ invalid_value: 5 is not a condition on attributes.
                    {}                                                  ~ invalid_value: {} is not a condition on attributes.
                    {'all': []}                                         ~ invalid_value: [] is not a condition on attributes.
                    {'field': 'a', 'operator': 'like', 'value': 1}      ~ unknown_operator: There is no operator 'like' for attributes.
                    {'a': {'$gtt': 1}}                                  ~ unknown_operator: There is no operator '$gtt' for attributes.
                    {'$text': 'x'}                                      ~ unknown_operator: There is no operator '$text' for rules.
                    {'field': 'a', 'operator': 'in', 'value': 'x'}      ~ invalid_value: 'x' is not valid for audience.value.
                    {'field': 'a', 'operator': 'eq'}                    ~ invalid_value: nothing is not valid for audience.value.
                    {'field': 'a', 'operator': 'regex', 'value': '('}   ~ invalid_value: '(' is not a regular expression.
                    {'field': 'a', 'operator': 'eq', 'valeu': 1}        ~ unknown_field: A rule has no member 'valeu'.
                    {'logicalOperator': 'XOR', 'rules': [{'a': 1}]}     ~ unknown_operator: 'XOR' is not a logical operator.
                    {'feild': 'a', 'operator': 'eq', 'value': 1}        ~ invalid_value: {"feild":"a","operator":"eq","value":1} is a rule without a field. | Did you mean 'field'? Send a rule as {field: 'plan', operator: 'eq', value: 'pro'},
                    {'field': 'a', 'operater': 'eq', 'value': 1}        ~ invalid_value: {"field":"a","operater":"eq","value":1} is a rule without an operator. | Did you mean 'operator'?
                    {'field': 'a', 'value': 1}                          ~ invalid_value: {"field":"a","value":1} is a rule without an operator. | Send a rule as
                    {'field': 'a', 'operater': 'exists'}                ~ invalid_value: {"field":"a","operater":"exists"} is a rule without an operator. | Did you mean 'operator'?
                    {'logicOperator': 'OR', 'rules': [{'a': 1}]}        ~ unknown_field: A group of rules has no member 'logicOperator'. | Did you mean 'logicalOperator'? Send a group as
                    {'al': [{'a': 1}]}                                  ~ invalid_value: 'al' holds a list, and is not a group of rules. | Did you mean 'all'? Send a group as {all: [rules]} or {any: [rules]}, and
                    {'all': [{'a': 1}], 'any': [{'b': 1}]}              ~ invalid_value: 'all' is a group of rules, and other conditions stand beside it. | Send {all: [{all: …}, {…}]}: a group is alone in its object.
                    {'a': 1, 'not': {'b': 1}}                           ~ invalid_value: 'not' is a group of rules, and other conditions stand beside it. | Send {all: [{not: …}, {…}]}:
                    {'field': 'a', 'operator': 'exists', 'value': false} ~ invalid_value: The operator 'exists' takes no value, so false is not its opposite. | Use exists or not_exists, and leave value out.
                    {'plan': ['pro', 'team']}                           ~ invalid_value: 'plan' holds a list, and is not a group of rules. | Send a group as {all: [rules]} or {any: [rules]}, and the alternatives of an attribute as {plan: {$in: […]}}.
                    {'a': {'$eqq': 1}}                                  ~ unknown_operator: There is no operator '$eqq' for attributes. | Did you mean 'eq'?
                    """)
    void refuses(String audience, String refusal) {
        assertThat(refusal(() -> Audience.parse("audience", Bench.value(audience))))
                .startsWith(refusal);
    }
}
