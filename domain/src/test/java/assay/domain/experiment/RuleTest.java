package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RuleTest {
    private static Design design(String members) {
        var whole =
                json(
                        "{'primaryMetric': 'done', 'variants': [{'key': 'control'}, {'key': 'treatment'}]}");
        whole.setAll(json(members));
        return Design.of("e", whole);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                   | {"alpha":0.05,"methodology":"sequential","plannedSample":5000.0,"burnIn":{"perArm":100,"conversions":25},"correction":"holm"}
                    {'cuped': true, 'correction': {'method': 'eBH', 'scope': 'all'}} | {"alpha":0.05,"methodology":"sequential","plannedSample":5000.0,"burnIn":{"perArm":100,"conversions":25},"correction":{"method":"eBH","scope":"all"},"cuped":{"lookback":"14d"}}
                    {'methodology': 'groupSequential', 'plannedSample': 900, 'looks': 2} | {"alpha":0.05,"methodology":"groupSequential","plannedSample":900.0,"burnIn":{"perArm":2,"conversions":1},"correction":"holm","looks":[0.5,1.0]}
                    {'bayesian': {'chanceToWin': 0.99}, 'methodology': 'bayesian'} | {"alpha":0.05,"methodology":"bayesian","plannedSample":5000.0,"burnIn":{"perArm":100,"conversions":25},"correction":"holm","bayesian":{"chanceToWin":0.99}}
                    'clearSignals'                       | {"preset":"clearSignals","alpha":0.05,"methodology":"sequential","plannedSample":5000.0,"burnIn":{"perArm":100,"conversions":25},"correction":"holm"}
                    {'preset': 'doNoHarm', 'plannedSample': 800, 'ship': {'guardrails': 'ignored'}} | {"preset":"doNoHarm","alpha":0.05,"methodology":"sequential","plannedSample":800.0,"burnIn":{"perArm":100,"conversions":25},"correction":"holm","ship":{"primary":"notWorse","guardrails":"ignored","from":"plannedSample"},"rollback":{"primary":"worse","guardrails":"breached","arms":"any"}}
                    """)
    void is_shown_with_every_default(String given, String shown) {
        var rule = Rule.of(Bench.value(given)).toJson();
        assertThat(rule).hasToString(shown);
        assertThat(Rule.of(rule).toJson()).isEqualTo(rule);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'clearSignal'             | 'clearSignal' is not a rule. | Did you mean 'clearSignals'? Send rule as an object such as {alpha: 0.05, plannedSample: 5000}, or as one of: clearSignals, clearAndSafe, nonInferiority, doNoHarm.
                    {'preset': 'harmless'}    | There is no rule 'harmless'. | Use one of: clearSignals, clearAndSafe, nonInferiority, doNoHarm.
                    {'methodology': 'fixed'}  | The methodology 'fixed' needs a planned sample: that is where it looks. | Give plannedSample, the units of all arms together, or use 'sequential', which may look any time.
                    {'looks': 3}              | The methodology 'sequential' plans no looks. | Leave looks out, or use the methodology 'groupSequential'.
                    {'methodology': 'groupSequential', 'plannedSample': 9, 'looks': [0.9, 0.5, 1]} | [0.9,0.5,1] is not valid for rule.looks. | Give the number of looks, 1 to 20, or their shares of plannedSample, rising to 1, such as [0.5, 0.75, 1].
                    {'cuped': 'yes'}          | 'yes' is not valid for rule.cuped. | Send cuped as true for the 14 days before, or {lookback: '30d'}.
                    {'correction': {'method': 'fdr'}} | The rule has the unknown correction.method 'fdr'. | Use one of: holm, bonferroni, eBH, none.
                    {'ship': {'primary': 'beter'}} | The rule has the unknown ship.primary 'beter'. | Did you mean 'better'? Use one of: better, nonInferior, notWorse.
                    {'bayesian': {'expectedLoss': -1}} | -1 is not valid for rule.bayesian.expectedLoss. | Give a number above 0, a share of the control, such as 0.01.
                    """)
    void is_refused_with_the_repair(String given, String problem, String repair) {
        assertThat(refusal(() -> Rule.of(Bench.value(given))))
                .isEqualTo("invalid_value: %s | %s".formatted(problem, repair));
    }

    @Test
    void is_told_in_words_that_name_what_it_decides_on() {
        assertThat(
                        RuleText.of(
                                design(
                                        """
                                        {'variants': [{'key': 'a'}, {'key': 'b'}, {'key': 'c'}],
                                         'metrics': [{'name': 'done', 'direction': 'decrease'}],
                                         'guardrails': [{'name': 'cost', 'margin': {'relative': 0.02}}],
                                         'rule': {'minimumEffect': 0.01, 'maxSample': 20000}}\
                                        """)))
                .isEqualTo(
                        "Every look may decide: p-values and intervals hold over all looks together, and are sharpest near"
                                + " 5000 units. Ship the best treatment that beats 'a' on 'done' (less is better) with a p of at"
                                + " most 0.05, adjusted for 2 comparisons (Holm) and breaches no guardrail ('cost' by more than 2"
                                + " % of the control). Roll back when every treatment is shown to be worse than the control or"
                                + " breaches a guardrail. Give up when every difference is shown to lie within 0.01. Give up at"
                                + " 20000 units. Nothing is decided before 100 units per arm and 25 units with an outcome other"
                                + " than 0.");
        assertThat(
                        RuleText.of(
                                design(
                                        "{'rule': {'preset': 'doNoHarm', 'methodology': 'groupSequential', 'plannedSample': 4000, 'looks': 2}}")))
                .isEqualTo(
                        "The first looks from 50 %, 100 % of 4000 units on decide, with bounds that spend little of alpha"
                                + " early (Lan-DeMets, O'Brien-Fleming); between them only counts are shown. Ship the best"
                                + " treatment that is not shown to be worse than 'control' on 'done' once 4000 units are there."
                                + " Roll back when any treatment is shown to be worse than the control.");
    }

    @Test
    void tells_margins_as_its_policy_holds_them() {
        assertThat(
                        RuleText.of(
                                design(
                                        "{'rule': 'clearAndSafe', 'guardrails': [{'name': 'cost', 'margin': {'relative': 0.02}}, 'error']}")))
                .contains(
                        "Ship the best treatment that beats 'control' on 'done' with a p of at most 0.05 and is shown to worsen"
                                + " no guardrail by more than its margin ('cost': 2 % of the control, 'error').");
    }

    @Test
    void that_ships_what_is_not_inferior_needs_a_margin() {
        assertThat(refusal(() -> design("{'rule': 'nonInferiority'}")))
                .startsWith(
                        "missing_field: The rule ships what is worse by no more than a margin, and the primary metric 'done' declares none.");
        assertThat(
                        design(
                                        "{'rule': 'nonInferiority', 'metrics': [{'name': 'done', 'margin': 0.1}]}")
                                .rule()
                                .preset())
                .hasValue("nonInferiority");
    }

    @Test
    void adjusts_every_metric_that_can_be_if_it_declares_cuped() {
        var design =
                design(
                        """
                        {'metrics': [{'name': 'done', 'lookback': '7d'}, {'name': 'm', 'type': 'mean', 'role': 'secondary'},
                          {'name': 'r', 'numerator': 'a', 'denominator': 'b', 'role': 'guardrail'}],
                         'rule': {'cuped': {'lookback': '30d'}}}\
                        """);
        assertThat(design.primary().lookback()).hasValue(7 * Span.DAY);
        assertThat(design.secondary().getFirst().lookback()).hasValue(30 * Span.DAY);
        assertThat(design.guardrails().getFirst().lookback()).isEmpty();
    }

    @Test
    void looks_at_no_metric_in_two_roles() {
        assertThat(refusal(() -> design("{'metrics': [{'name': 'done', 'role': 'guardrail'}]}")))
                .startsWith(
                        "invalid_value: Metric 'done' is named in primaryMetric and declares the role 'guardrail'.");
        assertThat(refusal(() -> design("{'metrics': [{'name': 'x', 'role': 'primary'}]}")))
                .startsWith(
                        "invalid_value: Metric 'x' declares the role 'primary', and primaryMetric is 'done'.");
    }
}
