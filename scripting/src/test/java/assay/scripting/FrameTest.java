package assay.scripting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FrameTest {
    private static final String ANY = "é\u0000\ud800 変数 😀 " + "x".repeat(600);

    private static final List<String> LOGS = List.of("", "a", ANY);

    static Stream<Frame> frames() {
        var at = Optional.of(new Outcome.Position(3, 5, ANY));
        return Stream.concat(
                Stream.of(
                        new Frame.Ready(),
                        new Frame.Run(7, WithSandbox.script(ANY, Limits.DEFAULT)),
                        new Frame.Run(8, WithSandbox.script("", WithSandbox.AMPLE)),
                        new Frame.Cancel(7),
                        new Frame.Call("Experiment.create", ANY),
                        new Frame.Logged(ANY),
                        new Frame.Answer(new Host.Answer.Value(ANY)),
                        new Frame.Answer(new Host.Answer.Refusal("{}")),
                        new Frame.Answer(new Host.Answer.Abandon("why"))),
                Stream.of(
                                new Outcome.Returned(ANY, LOGS),
                                new Outcome.Threw(ANY, at, Optional.of("{}"), LOGS),
                                new Outcome.Threw("", Optional.empty(), Optional.empty(), LOGS),
                                new Outcome.Unreadable("a", at, Optional.of("Mend it."), List.of()),
                                new Outcome.OverLimit(Outcome.Limit.STACK, "deep", LOGS),
                                new Outcome.Cancelled(LOGS),
                                new Outcome.Abandoned("why", List.of()))
                        .map(outcome -> new Frame.Ended(9, outcome, outcome.logs().isEmpty())));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void every_frame_arrives_as_it_was_sent(Frame frame) throws IOException {
        var sent = new ByteArrayOutputStream();
        pipe(new byte[0], sent).write(frame);
        assertThat(pipe(sent.toByteArray(), sent).read()).isEqualTo(frame);
    }

    @Test
    void a_frame_beyond_what_is_accepted_is_not_read() {
        var bytes = bytes(new Frame.Call("a", "x".repeat(100)));
        var pipe = pipe(bytes, OutputStream.nullOutputStream());
        pipe.accept(100);
        assertThatThrownBy(pipe::read)
                .isInstanceOf(IOException.class)
                .hasMessage("a frame of 118 bytes");
    }

    @Test
    void a_frame_that_is_cut_off_is_the_end() {
        var bytes = bytes(new Frame.Cancel(1));
        var half = Arrays.copyOf(bytes, bytes.length - 1);
        assertThatThrownBy(() -> pipe(half, OutputStream.nullOutputStream()).read())
                .isInstanceOf(EOFException.class);
    }

    @Test
    void bytes_that_are_no_frame_are_said_to_be_none_whatever_they_are() {
        var frames = frames().map(FrameTest::bytes).toList();
        var random = new Random(4);
        for (int i = 0; i < 200_000; i++) {
            var frame = frames.get(random.nextInt(frames.size()));
            var bytes = Arrays.copyOfRange(frame, Integer.BYTES, frame.length);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(new FrameReader(bytes).frame()).isNotNull();
            } catch (IOException refused) {
                assertThat(refused).hasMessageStartingWith("");
            }
        }
    }

    private static byte[] bytes(Frame frame) {
        var out = new ByteArrayOutputStream();
        try {
            FrameWriter.of(frame).to(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static Pipe pipe(byte[] in, OutputStream out) {
        return new Pipe(new ByteArrayInputStream(in), out);
    }
}
