package assay.domain.experiment;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.domain.work.Bench;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Experiments that share one false discovery rate.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProgrammeTest {
    private static final String OF_PROGRAMME =
            "{'rule': {'programme': {'name': 'replies', 'q': 0.1}, 'plannedSample': 400}}";

    @TempDir Path data;
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(data);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private double alpha(Trial trial) {
        return bench.get("Experiment", trial.id, "{}")
                .orElseThrow()
                .path("rule")
                .path("alpha")
                .doubleValue();
    }

    @Test
    void get_their_alpha_at_the_start_by_their_place_and_keep_it() {
        var first = Trial.start(bench, OF_PROGRAMME);
        var second = Trial.start(bench, OF_PROGRAMME);
        var other = Trial.start(bench, OF_PROGRAMME.replace("replies", "titles"));
        assertThat(alpha(first)).isEqualTo(0.05);
        assertThat(alpha(second)).isCloseTo(0.1 / 6, within(1e-15));
        assertThat(alpha(other)).isEqualTo(0.05);
        assertThat(first.results().path("rule").path("alpha").doubleValue()).isEqualTo(0.05);
        assertThat(second.results().path("rule").path("text").stringValue())
                .startsWith(
                        "Experiment 2 of the programme 'replies', which had 0 discoveries before: its alpha is 0.0167, so that of all discoveries of the programme at most a share of 0.1 is false on average (e-LOND).");
    }

    @Test
    void that_name_a_winner_by_their_rule_earn_error_for_later_ones() {
        var first = Trial.start(bench, OF_PROGRAMME);
        first.fill(
                "s", 400, Map.of("control", Trial.share(1, 10), "treatment", Trial.share(6, 10)));
        assertThat(first.results().path("verdict").stringValue()).isEqualTo("ship");
        bench.verb("Experiment", "conclude", first.id, "{}");
        var second = Trial.start(bench, OF_PROGRAMME);
        bench.verb(
                "Experiment",
                "conclude",
                second.id,
                "{'winner': 'treatment', 'reason': 'we like it'}");
        var third = Trial.start(bench, OF_PROGRAMME);
        assertThat(alpha(second)).isCloseTo(0.1 * 2 / 6, within(1e-15));
        assertThat(alpha(third)).isCloseTo(0.1 * 2 / 12, within(1e-15));
        var programme = third.results().path("programme");
        assertThat(programme.path("experiments").intValue()).isEqualTo(3);
        assertThat(programme.path("discoveries").intValue()).isEqualTo(1);
        assertThat(programme.path("nextAlpha").doubleValue())
                .isCloseTo(0.1 * 2 / 20, within(1e-15));
        assertThat(
                        programme
                                .path("ledger")
                                .valueStream()
                                .map(one -> one.path("discovery").booleanValue()))
                .isEqualTo(List.of(true, false, false));
    }

    @Test
    void an_iteration_takes_the_next_place() {
        var trial = Trial.start(bench, OF_PROGRAMME);
        trial.fill("s", 40, Map.of("control", List.of(1.0)));
        bench.verb("Experiment", "iterate", trial.id, "{'primaryMetric': 'other'}");
        assertThat(alpha(trial)).isCloseTo(0.1 / 6, within(1e-15));
    }

    @Test
    void keep_their_place_when_they_are_deleted() {
        var first = Trial.start(bench, OF_PROGRAMME);
        bench.verb("Experiment", "stop", first.id, "{}");
        bench.delete("Experiment", first.id);
        var second = Trial.start(bench, OF_PROGRAMME);
        assertThat(alpha(second)).isCloseTo(0.1 / 6, within(1e-15));
        assertThat(second.results().path("programme").path("nextAlpha").doubleValue())
                .isCloseTo(0.1 / 12, within(1e-15));
    }

    @Test
    void name_no_alpha_of_their_own_and_one_q() {
        assertThat(
                        refusal(() ->
                                Trial.start(
                                        bench,
                                        "{'rule': {'alpha': 0.05, 'programme': {'name': 'replies'}}}")))
                .isEqualTo(
                        "invalid_value: The rule names an alpha and a programme, which has an alpha for each of its experiments. | Leave alpha out; the programme's q says how many of its discoveries may be false.");
        Trial.start(bench, OF_PROGRAMME);
        assertThat(refusal(() -> Trial.start(bench, OF_PROGRAMME.replace("0.1", "0.2"))))
                .isEqualTo(
                        "invalid_value: The programme 'replies' has begun with q 0.1, and this experiment says 0.2. | Send rule.programme.q as 0.1, or name another programme.");
    }

    @Test
    void a_rule_that_prefers_the_cheaper_says_what_is_equal_and_has_items() {
        assertThat(refusal(() -> Rule.of(json("{'prefer': 'cheaper'}"))))
                .startsWith(
                        "invalid_value: The rule prefers the cheaper of practically equal variants, and");
        assertThat(
                        refusal(() ->
                                Trial.start(
                                        bench,
                                        "{'rule': {'prefer': 'cheaper', 'minimumEffect': 0.1}}")))
                .contains("this experiment has no dataset");
        assertThat(refusal(() -> Trial.start(bench, "{'allocation': 'elimination'}")))
                .startsWith("invalid_value: Elimination compares variants over the same items");
    }
}
