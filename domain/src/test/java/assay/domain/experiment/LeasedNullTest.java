package assay.domain.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Prompts of which none is better: how often somebody who looks after every batch, or who goes on
/// editing until it looks good, is told of a winner.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LeasedNullTest {
    private static final int ITEMS = 150;
    private static final int BATCH = 10;
    private static final List<String> SCORES =
            List.of(
                    "{'name': 'score', 'type': 'proportion'}",
                    "{'name': 'score', 'min': 0, 'max': 1}",
                    "{'name': 'score'}");
    private static final String TWO = "[{'key': 'control'}, {'key': 'a'}]";
    private static final String FOUR =
            "[{'key': 'control'}, {'key': 'a'}, {'key': 'b'}, {'key': 'c'}]";

    private static LeasedWorld world(int items, String score, String variants, String more) {
        return new LeasedWorld(
                items, "{'metrics': [%s], 'variants': %s%s}".formatted(score, variants, more));
    }

    /// The score of a prompt that is as good as any: a hard item is hard for all.
    private static double score(boolean passes, double item, SplittableRandom random) {
        var quality = Math.rint(20 * (item + random.nextDouble()) / 2) / 20;
        return passes ? (quality > 0.5 ? 1 : 0) : quality;
    }

    /// Runs items and looks after every batch.
    ///
    /// @return true if a look names a winner
    private static boolean hasWinner(LeasedWorld world, int items, SplittableRandom random) {
        var isPass = world.design().primary().type() == Metric.Type.PROPORTION;
        for (var i = 0; i < items; i++) {
            var item = random.nextDouble();
            var dropped = world.design().leased().orElseThrow().dropped();
            for (var arm : world.design().arms()) {
                if (!dropped.contains(arm.key())) {
                    world.record(
                            arm.key(), "i" + i, 1, Map.of("score", score(isPass, item, random)));
                }
            }
            if ((i + 1) % BATCH == 0) {
                if (world.decide().winner().isPresent()) {
                    return true;
                }
                if (world.design().eliminates()) {
                    world.drop();
                }
            }
        }
        return false;
    }

    private static int winners(int runs, String score, String variants, String more) {
        var winners = 0;
        for (var run = 0; run < runs; run++) {
            var random = new SplittableRandom((score + variants + more).hashCode() + 7_919L * run);
            winners += hasWinner(world(ITEMS, score, variants, more), ITEMS, random) ? 1 : 0;
        }
        return winners;
    }

    /// 120 runs at a chance of 0.05 have more than 13 with a chance of 1 in 200.
    @Test
    void a_hundred_and_twenty_runs_have_few_winners() {
        var winners = 0;
        for (var score : SCORES) {
            winners += winners(40, score, TWO, "");
        }
        assertThat(winners).isLessThanOrEqualTo(13);
    }

    @Test
    @Tag("heavy")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void a_thousand_runs_of_each_kind_have_at_most_fifty_winners() {
        for (var score : SCORES) {
            var two = winners(1_000, score, TWO, "");
            var eliminating = winners(1_000, score, FOUR, ", 'allocation': 'elimination'");
            System.out.printf(
                    "%s: a winner in %d and %d of 1,000 null runs (two variants; four with elimination)%n",
                    score, two, eliminating);
            assertThat(List.of(two, eliminating))
                    .allSatisfy(winners -> assertThat(winners).isLessThanOrEqualTo(50));
        }
    }

    /// Edits a prompt on the validation split until a look names a winner, or takes the edit that
    /// looked best, and goes with it to the test split, as often as that may be used.
    ///
    /// @return whether validation named a winner, and whether the test did
    private static boolean[] attack(int edits, int uses, SplittableRandom random) {
        var score = SCORES.get(1);
        var validated = false;
        var passed = false;
        for (var use = 0; use < uses && !passed; use++) {
            for (var edit = 0; edit < edits; edit++) {
                if (hasWinner(world(60, score, TWO, ""), 60, random)) {
                    validated = true;
                    break;
                }
            }
            var test = world(100, score, TWO, ", 'split': 'test', 'testUses': %d".formatted(uses));
            passed = hasWinner(test, 100, random);
        }
        return new boolean[] {validated, passed};
    }

    private static int[] attacks(int runs, int edits, int uses) {
        var found = new int[2];
        for (var run = 0; run < runs; run++) {
            var came = attack(edits, uses, new SplittableRandom(31_337L + 104_729L * run));
            found[0] += came[0] ? 1 : 0;
            found[1] += came[1] ? 1 : 0;
        }
        return found;
    }

    @Test
    void editing_until_validation_looks_good_does_not_pass_the_test_split() {
        assertThat(attacks(30, 6, 1)[1]).isLessThanOrEqualTo(5);
    }

    @Test
    @Tag("heavy")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void a_thousand_attacks_pass_the_test_split_in_at_most_fifty_cases() {
        var found = attacks(1_000, 10, 1);
        System.out.printf(
                "1,000 attacks of 10 edits: validation named a winner in %d, the test split in %d%n",
                found[0], found[1]);
        assertThat(found[1]).isLessThanOrEqualTo(50);
        assertThat(found[0]).isGreaterThan(found[1]);
        var often = attacks(300, 10, 3);
        System.out.printf(
                "300 attacks with three uses of the test split, 10 edits each: validation named a winner in %d, the test split in %d%n",
                often[0], often[1]);
        assertThat(often[1]).isLessThanOrEqualTo(15);
    }
}
