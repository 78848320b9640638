package assay.scripting;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Turns a frame into bytes, its length in front. A string keeps every one of its characters, even
/// half of a pair that has no other half.
final class FrameWriter {
    private byte[] bytes = new byte[512];
    private int length = Integer.BYTES;

    private FrameWriter() {}

    static FrameWriter of(Frame frame) {
        var writer = new FrameWriter();
        writer.frame(frame);
        ByteBuffer.wrap(writer.bytes).putInt(writer.length - Integer.BYTES);
        return writer;
    }

    /// Writes the bytes of the frame.
    void to(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    private void frame(Frame frame) {
        switch (frame) {
            case Frame.Ready _ -> tag('R');
            case Frame.Run(int number, var script) -> {
                tag('S');
                number(number);
                script(script);
            }
            case Frame.Cancel(int number) -> {
                tag('X');
                number(number);
            }
            case Frame.Call(var function, var arguments) -> {
                tag('C');
                text(function);
                text(arguments);
            }
            case Frame.Logged(var line) -> texts('L', line);
            case Frame.Answer(var given) -> answer(given);
            case Frame.Ended(int number, var outcome, boolean spent) -> {
                tag('E');
                number(number);
                number(spent ? 1 : 0);
                outcome(outcome);
            }
        }
    }

    private void script(Script script) {
        text(script.source());
        text(script.params());
        text(script.api());
        number(script.now().toEpochMilli());
        number(script.seed());
        var limits = script.limits();
        number(limits.time().toNanos());
        number(limits.statements());
        number(limits.allocatedBytes());
        number(limits.hostCalls());
        number(limits.logCharacters());
        number(limits.resultCharacters());
    }

    private void answer(Host.Answer answer) {
        switch (answer) {
            case Host.Answer.Value(var json) -> texts('V', json);
            case Host.Answer.Refusal(var json) -> texts('N', json);
            case Host.Answer.Abandon(var why) -> texts('A', why);
        }
    }

    private void outcome(Outcome outcome) {
        switch (outcome) {
            case Outcome.Returned(var json, _) -> texts('r', json);
            case Outcome.Threw(var message, var at, var refusal, _) -> {
                texts('t', message);
                position(at);
                optional(refusal);
            }
            case Outcome.Unreadable(var message, var at, var repair, _) -> {
                texts('u', message);
                position(at);
                optional(repair);
            }
            case Outcome.OverLimit(var limit, var detail, _) -> texts('l', limit.name(), detail);
            case Outcome.Cancelled _ -> tag('c');
            case Outcome.Abandoned(var why, _) -> texts('a', why);
        }
        logs(outcome.logs());
    }

    private void optional(Optional<String> text) {
        number(text.isPresent() ? 1 : 0);
        text.ifPresent(this::text);
    }

    private void position(Optional<Outcome.Position> at) {
        number(at.isPresent() ? 1 : 0);
        at.ifPresent(place -> {
            number(place.line());
            number(place.column());
            text(place.text());
        });
    }

    private void logs(List<String> lines) {
        number(lines.size());
        lines.forEach(this::text);
    }

    private void texts(char tag, String... texts) {
        tag(tag);
        for (var text : texts) {
            text(text);
        }
    }

    private void tag(char tag) {
        reserve(1);
        bytes[length++] = (byte) tag;
    }

    private void number(long number) {
        reserve(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(length, number);
        length += Long.BYTES;
    }

    private void text(String text) {
        if (isLatin(text)) {
            number(text.length());
            reserve(text.length());
            for (int i = 0; i < text.length(); i++) {
                bytes[length++] = (byte) text.charAt(i);
            }
        } else {
            number(-text.length());
            reserve(2L * text.length());
            ByteBuffer.wrap(bytes, length, 2 * text.length()).asCharBuffer().put(text);
            length += 2 * text.length();
        }
    }

    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 255) {
                return false;
            }
        }
        return true;
    }

    private void reserve(long more) {
        long needed = length + more;
        if (needed > bytes.length) {
            // A text of megabytes is what such a frame is about; little comes behind it.
            long roomy = Math.min(2L * bytes.length, length + (1L << 16));
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed + 64, roomy)));
        }
    }
}
