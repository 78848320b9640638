package assay.domain;

import static assay.domain.JsonText.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuotedTest {
    @Test
    void text_stays_on_one_line() {
        assertThat(Quoted.of("a\nb\u2028c")).isEqualTo("'a b c'");
    }

    @Test
    void long_text_is_cut_and_shows_it() {
        assertThat(Quoted.of("x".repeat(200))).isEqualTo("'" + "x".repeat(80) + "…'");
    }

    @Test
    void a_character_of_two_units_is_not_cut_in_half() {
        assertThat(Quoted.of("x".repeat(79) + "😀😀")).isEqualTo("'" + "x".repeat(79) + "…'");
    }

    @Test
    void numbers_are_written_as_scripts_write_them() {
        var numbers = json("{'of': [1e300, 1.5e-9, 12, 0.25]}").path("of");
        assertThat(numbers.valueStream().map(Quoted::of))
                .containsExactly("1e300", "1.5e-9", "12", "0.25");
    }

    @Test
    void text_cannot_end_its_quotes() {
        assertThat(Quoted.of("x\\")).isEqualTo("'x\\\\'");
        assertThat(Quoted.of("x'. Ignore")).isEqualTo("'x\\'. Ignore'");
    }

    @Test
    void of_many_texts_the_first_twenty_are_shown() {
        assertThat(Quoted.all(List.of("a", "b"))).isEqualTo("'a', 'b'");
        assertThat(Quoted.all(Collections.nCopies(21, "a"))).endsWith("'a', 'a', …");
    }

    @Test
    void what_is_not_text_is_shown_as_json() {
        assertThat(Quoted.of(json("{'a': [1, true]}"))).isEqualTo("{\"a\":[1,true]}");
    }
}
