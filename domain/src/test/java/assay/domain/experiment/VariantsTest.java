package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VariantsTest {
    static JsonNode value(String json) {
        return json("{'it': %s}".formatted(json)).get("it");
    }

    static Variants parsed(String json) {
        return Variants.parse(value(json));
    }

    @Nested
    class Every_spelling {
        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                quoteCharacter = '`',
                textBlock =
                        """
                        [{'key': 'a', 'name': 'A', 'weight': 50}, {'key': 'b', 'name': 'B', 'weight': 50}] ~ [{'key': 'a', 'name': 'A', 'weight': 50, 'control': true}, {'key': 'b', 'name': 'B', 'weight': 50, 'control': false}]
                        [{'name': 'a', 'value': {'x': 1}, 'weight': 1}] ~ [{'key': 'a', 'name': 'a', 'weight': 1, 'control': true, 'value': {'x': 1}}]
                        [{'key': 'a', 'weight': '33.3'}]                ~ [{'key': 'a', 'name': 'a', 'weight': 33.3, 'control': true}]
                        [{'name': 'A', 'splitPercentage': 33.3, 'flowId': 'f', 'config': {}}, {'name': 'B', 'splitPercentage': 66.7}] ~ [{'key': 'A', 'name': 'A', 'weight': 33.3, 'control': true, 'flowId': 'f', 'config': {}}, {'key': 'B', 'name': 'B', 'weight': 66.7, 'control': false}]
                        [{'id': 'a', 'name': 'A'}, {'id': 'b', 'name': 'B', 'isControl': true, 'description': 'as now'}] ~ [{'key': 'a', 'name': 'A', 'weight': 1, 'control': false}, {'key': 'b', 'name': 'B', 'weight': 1, 'control': true, 'description': 'as now'}]
                        [{'variant': 'a', 'split': 0.1}, {'variant': 'b', 'split': 0.2}, {'variant': 'c', 'split': 0.7}] ~ [{'key': 'a', 'name': 'a', 'weight': 0.1, 'control': true}, {'key': 'b', 'name': 'b', 'weight': 0.2, 'control': false}, {'key': 'c', 'name': 'c', 'weight': 0.7, 'control': false}]
                        ['treatment', 'control']                        ~ [{'key': 'treatment', 'name': 'treatment', 'weight': 1, 'control': false}, {'key': 'control', 'name': 'control', 'weight': 1, 'control': true}]
                        [{'key': 'a', 'prompt': 'prompt_1'}]            ~ [{'key': 'a', 'name': 'a', 'weight': 1, 'control': true, 'prompt': 'prompt_1'}]
                        []                                              ~ []
                        """)
        void has_one_stored_form(String given, String stored) {
            assertThat(parsed(given).toJson()).isEqualTo(value(stored));
        }

        @Test
        void may_be_json_text() {
            var text = json("{'it': ''}").put("it", "[\"a\", {\"key\": \"b\"}]").get("it");
            assertThat(Variants.parse(text).keys()).containsExactly("a", "b");
        }

        @Test
        void reads_its_stored_form_back_unchanged() {
            var stored =
                    parsed(
                                    "[{'name': 'a', 'split': 0.25, 'value': 7}, {'name': 'b', 'split': 0.75}]")
                            .toJson();
            assertThat(Variants.parse(stored).toJson()).isEqualTo(stored);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    'many'                          ~ 'many' is not a list of variants. | Send variants as an array such as [{"key": "control"}, {"key": "treatment"}].
                    [7]                             ~ 7 is not a variant. | Send a variant as {"key": "treatment", "weight": 1}.
                    [{'weight': 1}]                 ~ A variant has no key. | Give every variant a key or a name.
                    [{'key': {}}]                   ~ {} is not a name for a variant. | Send key as text.
                    ['a', 'a']                      ~ Two variants have the key 'a'. | Give every variant a key of its own.
                    [{'key': 'a', 'weight': 0}]     ~ Every variant has a share of 0. | Give at least two variants a share above 0.
                    [{'key': 'a', 'weight': 'x'}]   ~ 'x' is not a weight. | Send weight as a number of at least 0 with at most 15 digits; with 0, nobody new gets the variant.
                    [{'key': 'a', 'weight': '1e999999999'}] ~ '1e999999999' is not a weight. | Send weight as a number of at least 0 with at most 15 digits; with 0, nobody new gets the variant.
                    [{'key': 'a', 'weight': 1, 'split': 1}] ~ A variant has both weight and split. | Send one of them.
                    [{'key': 'a', 'weight': 9}, 'b'] ~ Some variants have weight and others do not. | Give weight to every variant, or to none.
                    [{'name': 'a', 'splitPercentage': 50}, {'name': 'b', 'splitPercentage': 49.9}] ~ The splitPercentage of the variants sum to 99.9, not to 100. | Change splitPercentage so that they sum to exactly 100, or send weight, which is relative.
                    [{'variant': 'a', 'split': 0.5}] ~ The split of the variants sum to 0.5, not to 1. | Change split so that they sum to exactly 1, or send weight, which is relative.
                    [{'key': 'a', 'control': true}, {'key': 'b', 'isControl': true}] ~ 'a' and 'b' are both marked as the control. | Mark one variant with control: true.
                    [{'key': 'a', 'control': 'yes'}] ~ 'yes' is not true or false. | Send control as true for one variant and leave it out of the others.
                    """)
    void a_contradiction_is_refused_with_a_repair(String given, String refusal) {
        assertThat(refusal(() -> parsed(given))).isEqualTo("invalid_value: " + refusal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    [{'key': 'a', 'promt': 'x'}]                  ~ promt        ~ Did you mean 'prompt'? ~ {value: {promt: …}}
                    [{'key': 'a', 'vaule': 3}]                    ~ vaule        ~ Did you mean 'value'?  ~ {value: {vaule: …}}
                    [{'key': 'a', 'wieght': 3}, 'b']              ~ wieght       ~ Did you mean 'weight'? ~ {value: {wieght: …}}
                    [{'key': 'a', 'percentage': 90}]              ~ percentage   ~ Did you mean 'weight'? ~ {value: {percentage: …}}
                    [{'name': 'a', 'baseline': true}]             ~ baseline     ~ Did you mean 'control'? ~ {value: {baseline: …}}
                    [{'key': 'a', 'value': 1, 'color': 'red'}]    ~ color        ~ ``                     ~ {value: {color: …}}
                    [{'key': 'a', 'prompt': 'p', 'model': 'm'}]   ~ model        ~ Send it within the prompt, {prompt: {template, model, parameters}}. ~ {value: {model: …}}
                    [{'key': 'a', 'prompt': 'p', 'top p': 0.2}]   ~ top p        ~ ``                     ~ {value: {name: …}}
                    """)
    void a_member_that_would_be_served_by_mistake_or_not_at_all_is_refused(
            String given, String member, String hint, String instead) {
        assertThat(refusal(() -> parsed(given)))
                .isEqualTo(
                        "unknown_field: A variant has no member '%s'. | %sIts members are key, name, description, weight, control, value and prompt; what it serves goes into value, such as %s."
                                .formatted(member, hint.isEmpty() ? "" : hint + " ", instead));
    }

    @Test
    void members_of_its_own_are_what_a_variant_serves() {
        var own = "[{'key': 'a', 'name': 'a', 'weight': 1, 'control': true, 'color': 'red'}]";
        assertThat(parsed(own).toJson()).isEqualTo(value(own));
    }

    @Test
    void another_control_can_be_named() {
        assertThat(parsed("['a', 'b']").withControl("b").control().map(Variant::key)).contains("b");
        assertThat(refusal(() -> parsed("['aaaa', 'bbbb']").withControl("aaab")))
                .isEqualTo(
                        "invalid_value: There is no variant 'aaab' to be the control. | Did you"
                                + " mean 'aaaa'? Name one of: 'aaaa', 'bbbb'.");
    }
}
