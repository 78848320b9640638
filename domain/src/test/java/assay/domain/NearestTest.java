package assay.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NearestTest {
    static final List<String> WORDS = List.of("name", "status", "hypothesis", "startAt");

    @Test
    void swapped_neighbours_are_one_mistake() {
        assertThat(Nearest.to("stauts", WORDS)).contains("status");
    }

    @Test
    void case_is_no_mistake() {
        assertThat(Nearest.to("STARTAT", WORDS)).contains("startAt");
    }

    @Test
    void a_word_far_from_all_has_no_nearest() {
        assertThat(Nearest.to("colour", WORDS)).isEmpty();
    }

    @Test
    void the_hint_begins_a_repair_or_is_nothing() {
        assertThat(Nearest.hint("hypotesis", WORDS)).isEqualTo("Did you mean 'hypothesis'? ");
        assertThat(Nearest.hint("x".repeat(5_000), WORDS)).isEmpty();
    }
}
