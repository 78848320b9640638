package assay.scripting;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns bytes back into the frame they were made of by [FrameWriter]. Bytes that are none make an
/// [IOException], whatever they are.
final class FrameReader {
    private final ByteBuffer bytes;

    FrameReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    Frame frame() throws IOException {
        try {
            var frame = read();
            if (bytes.hasRemaining()) {
                throw new IOException("a frame with more behind it");
            }
            return frame;
        } catch (BufferUnderflowException | IllegalArgumentException | ArithmeticException odd) {
            throw new IOException("not a frame", odd);
        }
    }

    private Frame read() throws IOException {
        char tag = tag();
        return switch (tag) {
            case 'R' -> new Frame.Ready();
            case 'S' -> new Frame.Run(integer(), script());
            case 'X' -> new Frame.Cancel(integer());
            case 'C' -> new Frame.Call(text(), text());
            case 'L' -> new Frame.Logged(text());
            case 'V' -> new Frame.Answer(new Host.Answer.Value(text()));
            case 'N' -> new Frame.Answer(new Host.Answer.Refusal(text()));
            case 'A' -> new Frame.Answer(new Host.Answer.Abandon(text()));
            case 'E' -> {
                int number = integer();
                boolean spent = flag();
                yield new Frame.Ended(number, outcome(), spent);
            }
            default -> throw new IOException("a frame of kind " + (int) tag);
        };
    }

    private Script script() {
        return new Script(
                text(), text(), text(), Instant.ofEpochMilli(number()), number(), limits());
    }

    private Limits limits() {
        return new Limits(
                Duration.ofNanos(number()), number(), number(), integer(), integer(), integer());
    }

    private Outcome outcome() throws IOException {
        char tag = tag();
        return switch (tag) {
            case 'r' -> new Outcome.Returned(text(), logs());
            case 't' -> new Outcome.Threw(text(), position(), optional(), logs());
            case 'u' -> new Outcome.Unreadable(text(), position(), optional(), logs());
            case 'l' -> new Outcome.OverLimit(Outcome.Limit.valueOf(text()), text(), logs());
            case 'c' -> new Outcome.Cancelled(logs());
            case 'a' -> new Outcome.Abandoned(text(), logs());
            default -> throw new IOException("an outcome of kind " + (int) tag);
        };
    }

    private Optional<String> optional() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    private Optional<Outcome.Position> position() {
        return flag()
                ? Optional.of(new Outcome.Position(integer(), integer(), text()))
                : Optional.empty();
    }

    private List<String> logs() {
        int size = integer();
        var lines = new ArrayList<String>();
        for (int i = 0; i < size; i++) {
            lines.add(text());
        }
        return List.copyOf(lines);
    }

    private char tag() {
        return (char) bytes.get();
    }

    private boolean flag() {
        return number() == 1;
    }

    private int integer() {
        return Math.toIntExact(number());
    }

    private long number() {
        return bytes.getLong();
    }

    private String text() {
        int length = integer();
        return length < 0 ? wide(Math.negateExact(length)) : narrow(length);
    }

    private String narrow(int length) {
        check(length);
        var text = new String(bytes.array(), bytes.position(), length, StandardCharsets.ISO_8859_1);
        bytes.position(bytes.position() + length);
        return text;
    }

    private String wide(int length) {
        check(2L * length);
        var characters = new char[length];
        bytes.asCharBuffer().get(characters);
        bytes.position(bytes.position() + 2 * length);
        return new String(characters);
    }

    /// Before any room is made for what is announced.
    private void check(long length) {
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
    }
}
