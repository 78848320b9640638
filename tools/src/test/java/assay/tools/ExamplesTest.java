package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The examples do what they say.
@DisplayNameGeneration(ReplaceUnderscores.class)
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("../examples");

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

    @Test
    void the_prompt_experiment_concludes_with_the_better_variant() throws Exception {
        var concluded = run("prompt-experiment.js");
        assertThat(concluded.path("status").stringValue()).isEqualTo("Concluded");
        assertThat(concluded.path("winner").stringValue()).isEqualTo("restate");
        assertThat(concluded.path("sampleSize").intValue()).isEqualTo(2000);
        assertThat(concluded.path("text").stringValue()).contains("restate");
        assertThat(concluded.size()).isEqualTo(6);
    }

    @Test
    void the_ab_test_ends_when_the_rule_has_fired() throws Exception {
        var concluded = run("ab-test.js");
        assertThat(concluded.path("status").stringValue()).isEqualTo("Concluded");
        assertThat(concluded.path("winner").stringValue()).isEqualTo("short");
        assertThat(concluded.path("confidence").doubleValue()).isBetween(95.0, 100.0);
        assertThat(concluded.path("sampleSize").intValue()).isBetween(300, 1900);
    }

    @Test
    void the_guardrail_keeps_the_slow_variant_from_winning() throws Exception {
        var concluded = run("ab-test-with-guardrail.js");
        assertThat(concluded.path("winner").stringValue()).isEqualTo("suggest");
        assertThat(concluded.path("slower").path("instant").intValue()).isBetween(100, 140);
        assertThat(concluded.path("slower").path("suggest").intValue()).isBetween(-10, 20);
    }

    @Test
    void the_multivariate_test_tells_what_each_factor_does() throws Exception {
        var concluded = run("multivariate.js");
        assertThat(concluded.path("winner").stringValue()).isEqualTo("question/photo");
        assertThat(concluded.path("factorial").toString()).contains("headline", "picture");
    }

    @Test
    void the_bandit_sells_more_than_equal_shares_would() throws Exception {
        var concluded = run("bandit.js");
        assertThat(concluded.path("winner").stringValue()).isEqualTo("discount");
        assertThat(concluded.path("sold").intValue())
                .isGreaterThan(concluded.path("inEqualShares").intValue() + 100);
        assertThat(concluded.path("reallocations").intValue()).isGreaterThan(5);
    }

    @Test
    void the_flag_serves_the_winner_to_everybody() throws Exception {
        var concluded = run("flag-rollout.js");
        assertThat(concluded.path("winner").stringValue()).isEqualTo("treatment");
        assertThat(concluded.path("status").stringValue()).isEqualTo("RolledOut");
        assertThat(concluded.path("everybodyGets").stringValue()).isEqualTo("by relevance");
    }

    @Test
    void what_is_found_and_changed_is_told() throws Exception {
        assertThat(run("find-and-change.js"))
                .isEqualTo(
                        Workspace.json(
                                """
                                {"hers": ["Onboarding tone", "Pricing page"], "verbs": ["create", "update"],
                                 "why": "asked by sales", "advice": "Call start first, then conclude.", "words": 1}\
                                """));
    }

    @Test
    void hooks_refuse_tell_and_roll_out() throws Exception {
        assertThat(run("hooks.js"))
                .isEqualTo(
                        Workspace.json(
                                """
                                {"refused": "Experiment must have at least 2 variants", "winner": "short",
                                 "flag": "RolledOut", "told": 1, "task": "Pending",
                                 "hooks": ["Experiment.concluded", "Experiment.started", "Experiment.starting"]}\
                                """));
        assertThat(workspace.result("await $.Hook.count({ registrant: { $ne: 'assay' } })"))
                .hasToString("0");
    }

    @Test
    void each_can_be_run_again_on_the_same_data() throws Exception {
        for (var example :
                List.of("ab-test.js", "find-and-change.js", "hooks.js", "prompt-experiment.js")) {
            var first = run(example);
            assertThat(run(example).propertyNames()).isEqualTo(first.propertyNames());
        }
        assertThat(run("find-and-change.js").path("hers").size()).isEqualTo(2);
    }

    @Test
    void all_are_listed() throws Exception {
        var list = Files.readString(EXAMPLES.resolve("README.md"));
        try (var files = Files.list(EXAMPLES)) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".js")))
                    .allSatisfy(name -> assertThat(list).contains("[%1$s](%1$s)".formatted(name)));
        }
    }

    private JsonNode run(String example) throws IOException {
        return workspace.result(Files.readString(EXAMPLES.resolve(example)));
    }
}
