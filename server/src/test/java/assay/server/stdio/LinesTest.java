package assay.server.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinesTest {
    private static final int LIMIT = 200_000;

    private static Lines lines(String text, int atATime) {
        return new Lines(
                new Trickle(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), atATime),
                LIMIT);
    }

    /// Gives few bytes at a time, as a pipe may.
    private static final class Trickle extends InputStream {
        private final InputStream in;
        private final int atATime;

        Trickle(InputStream in, int atATime) {
            this.in = in;
            this.atATime = atATime;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return in.read(into, offset, Math.min(length, atATime));
        }
    }

    private static String next(Lines lines) throws IOException {
        var line = lines.next();
        return line == null ? "the end" : new String(line, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void come_one_by_one_however_the_bytes_arrive(int atATime) throws IOException {
        var lines = lines("eins\n\nzwölf\nlast", atATime);
        assertThat(next(lines)).isEqualTo("eins");
        assertThat(next(lines)).isEmpty();
        assertThat(next(lines)).isEqualTo("zwölf");
        assertThat(next(lines)).isEqualTo("last");
        assertThat(next(lines)).isEqualTo("the end");
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1_000_000})
    void may_be_as_long_as_the_limit(int atATime) throws IOException {
        var longest = "x".repeat(LIMIT);
        var lines = lines(longest + "\nnext\n", atATime);
        assertThat(next(lines)).isEqualTo(longest);
        assertThat(next(lines)).isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1_000_000})
    void are_skipped_when_they_are_longer(int atATime) throws IOException {
        var lines = lines("x".repeat(LIMIT + 1) + "\nnext\n" + "y".repeat(5 * LIMIT), atATime);
        assertThatThrownBy(lines::next).isInstanceOf(Lines.TooLong.class);
        assertThat(next(lines)).isEqualTo("next");
        assertThatThrownBy(lines::next).isInstanceOf(Lines.TooLong.class);
        assertThat(next(lines)).isEqualTo("the end");
    }

    @Test
    void are_none_in_an_empty_stream() throws IOException {
        assertThat(next(lines("", 1))).isEqualTo("the end");
    }
}
