package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EditsTest {
    private final Edits edits =
            new Edits("import a\n1; b")
                    .insert(0, "(")
                    .replace(0, 8, "c")
                    .insert(12, "<")
                    .insert(13, ">");

    @Test
    void are_made_from_left_to_right() {
        assertThat(edits.text()).isEqualTo("(c\n1; <b>");
    }

    @Test
    void lead_every_place_back_to_where_it_was() {
        assertThat(IntStream.rangeClosed(0, 9).map(edits::origin))
                .containsExactly(0, 0, 8, 9, 10, 11, 12, 12, 13, 13);
    }

    @Test
    void know_the_line_and_column_of_a_place() {
        assertThat(edits.position(12)).isEqualTo(new Outcome.Position(2, 4, "1; b"));
        assertThat(edits.position(0)).isEqualTo(new Outcome.Position(1, 1, "import a"));
        assertThat(edits.position(13)).isEqualTo(new Outcome.Position(2, 5, "1; b"));
    }
}
