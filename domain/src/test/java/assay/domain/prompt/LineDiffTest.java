package assay.domain.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LineDiffTest {
    @Test
    void shows_changed_lines_with_two_around_them() {
        var before = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
        var after = List.of("1", "2", "3", "four", "5", "6", "7", "8", "9", "10", "12", "13");
        assertThat(LineDiff.of(before, after))
                .isEqualTo(
                        new LineDiff(
                                2,
                                2,
                                """
                                  2
                                  3
                                - 4
                                + four
                                  5
                                  6
                                …
                                  9
                                  10
                                - 11
                                  12
                                + 13\
                                """));
    }

    @Test
    void of_equal_texts_is_empty() {
        assertThat(LineDiff.of(List.of("a", "b"), List.of("a", "b")))
                .isEqualTo(new LineDiff(0, 0, ""));
    }

    @Test
    void keeps_as_many_lines_as_two_texts_have_in_common() {
        var random = new Random(5);
        for (var round = 0; round < 200; round++) {
            var before = lines(random);
            var after = lines(random);
            var diff = LineDiff.of(before, after);
            assertThat(before.size() - diff.removed()).isEqualTo(after.size() - diff.added());
            assertThat(before.size() - diff.removed()).isEqualTo(common(before, after));
        }
    }

    private static List<String> lines(Random random) {
        return IntStream.range(0, random.nextInt(9)).mapToObj(_ -> "" + random.nextInt(3)).toList();
    }

    /// The length of the longest common subsequence, by trying every subsequence.
    private static int common(List<String> before, List<String> after) {
        var longest = 0;
        for (var bits = 0; bits < 1 << before.size(); bits++) {
            var some = new ArrayList<String>();
            for (var i = 0; i < before.size(); i++) {
                if ((bits >> i & 1) == 1) {
                    some.add(before.get(i));
                }
            }
            var at = 0;
            for (var line : after) {
                if (at < some.size() && some.get(at).equals(line)) {
                    at++;
                }
            }
            longest = at == some.size() ? Math.max(longest, some.size()) : longest;
        }
        return longest;
    }

    @Test
    void of_texts_too_large_to_compare_replaces_the_one_by_the_other() {
        var before = Collections.nCopies(3_000, "a");
        var after = Collections.nCopies(3_000, "b");
        var diff = LineDiff.of(before, after);
        assertThat(diff.added()).isEqualTo(3_000);
        assertThat(diff.removed()).isEqualTo(3_000);
        assertThat(diff.text()).hasSizeLessThan(21_000);
    }
}
