package assay.domain.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NearDuplicatesTest {
    @Test
    void are_texts_that_share_most_of_their_pieces() {
        var found =
                NearDuplicates.among(
                        List.of(
                                "where is the parcel that i ordered last week",
                                "how do i return a pair of shoes",
                                "where is the parcel that i ordered last weak"),
                        0.8);
        assertThat(found.pairs())
                .extracting(NearDuplicates.Pair::a, NearDuplicates.Pair::b)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(0, 2));
        assertThat(found.isComplete()).isTrue();
    }

    @Test
    void are_not_texts_that_differ_in_a_number() {
        assertThat(
                        NearDuplicates.among(
                                        List.of("what is 17 4 exactly", "what is 17 5 exactly"),
                                        0.5)
                                .pairs())
                .isEmpty();
    }

    @Test
    void are_all_found_as_by_comparing_each_with_each() {
        var random = new Random(11);
        var texts = texts(random);
        for (var threshold : new double[] {0.5, 0.65, 0.8, 0.95}) {
            var found =
                    NearDuplicates.among(texts, threshold).pairs().stream()
                            .map(pair -> List.of(pair.a(), pair.b()))
                            .collect(Collectors.toSet());
            assertThat(found).isEqualTo(byComparingAll(texts, threshold)).isNotEmpty();
        }
    }

    private static List<String> texts(Random random) {
        var words =
                IntStream.range(0, 40)
                        .mapToObj(i -> "word" + (char) ('a' + i % 26) + (char) ('a' + i / 26))
                        .toList();
        var texts = new ArrayList<String>();
        while (texts.size() < 300) {
            var text =
                    texts.isEmpty() || random.nextInt(3) == 0
                            ? random.ints(4 + random.nextInt(10), 0, 40)
                                    .mapToObj(words::get)
                                    .collect(Collectors.joining(" "))
                            : changed(texts.get(random.nextInt(texts.size())), words, random);
            if (!texts.contains(text)) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static String changed(String text, List<String> words, Random random) {
        var parts = new ArrayList<>(List.of(text.split(" ", -1)));
        parts.set(random.nextInt(parts.size()), words.get(random.nextInt(40)));
        return String.join(" ", parts);
    }

    private static Set<List<Integer>> byComparingAll(List<String> texts, double threshold) {
        var sets =
                texts.stream()
                        .map(text ->
                                IntStream.rangeClosed(0, Math.max(0, text.length() - 5))
                                        .mapToObj(i ->
                                                text.substring(i, Math.min(text.length(), i + 5)))
                                        .collect(Collectors.toSet()))
                        .toList();
        var pairs = new HashSet<List<Integer>>();
        for (var i = 0; i < sets.size(); i++) {
            for (var j = i + 1; j < sets.size(); j++) {
                var common = new HashSet<>(sets.get(i));
                common.retainAll(sets.get(j));
                var all = sets.get(i).size() + sets.get(j).size() - common.size();
                if ((double) common.size() / all >= threshold - 1e-9) {
                    pairs.add(List.of(i, j));
                }
            }
        }
        return pairs;
    }

    @Test
    void among_very_many_alike_are_looked_for_no_longer_than_there_is_time() {
        var texts =
                IntStream.range(0, 3_000)
                        .mapToObj(i ->
                                "the same long beginning of every text and then "
                                        + (char) ('a' + i % 26)
                                        + (char) ('a' + i / 26 % 26)
                                        + (char) ('a' + i / 676))
                        .toList();
        assertThat(NearDuplicates.among(texts, 0.8).isComplete()).isFalse();
    }
}
