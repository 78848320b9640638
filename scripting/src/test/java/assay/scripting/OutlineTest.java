package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutlineTest {
    @Test
    void statements_may_end_at_line_breaks_and_semicolons() {
        assertThat(outline("a;b\nc")).isEqualTo(new Outline(List.of(1, 3), 5));
    }

    @Test
    void but_not_inside_brackets_strings_templates_comments_and_regular_expressions() {
        assertThat(outline("f(1;2\n);")).isEqualTo(new Outline(List.of(7), 7));
        assertThat(outline("'\\';';a")).isEqualTo(new Outline(List.of(5), 7));
        assertThat(outline("`;${f({a:`}`})};\n`;a")).isEqualTo(new Outline(List.of(18), 20));
        assertThat(outline("a /*;*/;b")).isEqualTo(new Outline(List.of(7), 9));
        assertThat(outline("x=/[/;'(]/;a")).isEqualTo(new Outline(List.of(10), 12));
    }

    @Test
    void the_last_one_ends_before_semicolons_and_comments() {
        assertThat(outline("a ;; // x;y\n/* ; */").end()).isEqualTo(1);
    }

    @Test
    void they_may_end_anywhere_when_the_brackets_come_out_wrong() {
        assertThat(outline("f(1;2\n;")).isEqualTo(new Outline(List.of(3, 5, 6), 5));
        assertThat(outline("return /(/;a")).isEqualTo(new Outline(List.of(10), 12));
        assertThat(outline("a);")).isEqualTo(new Outline(List.of(2), 2));
        assertThat(outline("';\n'")).isEqualTo(new Outline(List.of(1, 2), 4));
    }

    @Test
    void brackets_that_stay_open_and_the_deepest_are_known() {
        assertThat(Outline.unclosed("f([1)", 0, 5)).hasValue(1);
        assertThat(Outline.unclosed("f({`${a", 0, 7)).hasValue(5);
        assertThat(Outline.unclosed("f()", 0, 3)).isEmpty();
        assertThat(Outline.unclosed("f('(", 0, 4)).isEmpty();
        assertThat(Outline.depth("f([{}], ())")).isEqualTo(3);
        assertThat(Outline.depth("f([")).isZero();
    }

    private static Outline outline(String text) {
        return Outline.of(text, 0, text.length());
    }
}
