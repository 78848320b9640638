package assay.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CanonicalTest {
    private static String text(String json) {
        return Canonical.text(JsonTree.read(json));
    }

    @Test
    void equal_values_have_equal_text_however_they_are_written() {
        assertThat(text("{\"b\": 1.0, \"a\": [1e2, 0.10]}")).isEqualTo("{\"a\":[100,0.1],\"b\":1}");
    }

    @Test
    void a_large_double_without_a_point_is_the_same_as_with_an_exponent() {
        assertThat(text("75478377201060380")).isEqualTo(text("7.547837720106038E16"));
        assertThat(text("75478377201060380")).isNotEqualTo(text("75478377201060400"));
    }
}
