package assay.scripting;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.jspecify.annotations.Nullable;

/// Any text given to what reads scripts. For the fuzzer, which calls it by its name.
///
/// A text becomes a program or is unreadable, and nothing else happens; a place is inside the text;
/// and what the engine reads as it stands is changed by nothing but the return of its last
/// expression.
public final class ScriptTextFuzz {
    /// Inputs after which the context begins anew: what was parsed stays in it.
    private static final int LIFE = 2_000;

    /// Every so many characters of a program are asked for their line.
    private static final int PLACES = 16;

    private static final Engine ENGINE = Confinement.engine();
    private static @Nullable Context context;
    private static @Nullable Parsers parsers;
    private static int inputs;

    private ScriptTextFuzz() {}

    /// Loads the engine and the parser, which no input shall be blamed for.
    public static void fuzzerInitialize() {
        fuzzerTestOneInput("const a: number = 1".getBytes(StandardCharsets.UTF_8));
    }

    /// One input.
    public static void fuzzerTestOneInput(byte[] input) {
        var text = new String(input, StandardCharsets.UTF_8);
        var parsers = parsers();
        try {
            var program = Program.of(text, parsers);
            checkOrigins(program, text);
            if (isPlain(text) && isRead(text, parsers)) {
                checkMeaning(program.source().getCharacters().toString(), text);
            }
        } catch (UnreadableScript unreadable) {
            checkPlace(unreadable.at(), text);
            if (isPlain(text) && isRead(text, parsers)) {
                throw new IllegalStateException("it is JavaScript, but: " + unreadable.problem());
            }
        } catch (PolyglotException limit) {
            // Deeper than the limit of calls, which ends the script and its context in production
            // too.
            if (!limit.isResourceExhausted() && !limit.isCancelled()) {
                throw limit;
            }
            inputs = LIFE;
        }
    }

    private static Parsers parsers() {
        var ready = parsers;
        if (ready == null || inputs++ >= LIFE) {
            if (context != null) {
                context.close(true);
            }
            context = Confinement.context(ENGINE, Long.MAX_VALUE, () -> {});
            ready = new Parsers(context, UnaryOperator.identity());
            parsers = ready;
            inputs = 0;
        }
        return ready;
    }

    /// No marks, modules or calls of import, all of which are replaced.
    private static boolean isPlain(String text) {
        return !text.contains("```")
                && !text.contains("~~~")
                && !text.contains("import")
                && !text.contains("export");
    }

    private static boolean isRead(String text, Parsers parsers) {
        try {
            parsers.parse(
                    Program.source(Program.OPEN + text + Program.CLOSE, "plain.js", true, false));
            return true;
        } catch (PolyglotException unread) {
            if (unread.isSyntaxError()) {
                return false;
            }
            throw unread;
        }
    }

    private static void checkOrigins(Program program, String text) {
        int last = 0;
        for (int i = 0; i <= program.source().getLength(); i++) {
            int origin = program.edits().origin(i);
            if (origin < last || origin > text.length()) {
                throw new IllegalStateException("the origin of " + i + " is " + origin);
            }
            if (i % PLACES == 0) {
                checkPlace(program.edits().position(origin), text);
            }
            last = origin;
        }
    }

    private static void checkPlace(Outcome.Position place, String text) {
        var lines = text.split("\n", -1);
        if (place.line() < 1 || place.line() > lines.length) {
            throw new IllegalStateException("there is no line " + place.line());
        }
        var line = lines[place.line() - 1];
        if (place.column() < 1 || place.column() > line.length() + 1) {
            throw new IllegalStateException("there is no column " + place.column());
        }
        if (!line.startsWith(place.text())) {
            throw new IllegalStateException("this is not the line: " + place.text());
        }
    }

    private static void checkMeaning(String program, String text) {
        var inside =
                program.substring(Program.OPEN.length(), program.length() - Program.CLOSE.length());
        if (inside.equals(text)) {
            return;
        }
        int from = 0;
        while (from >= 0) {
            from = inside.indexOf("return (", from);
            if (from < 0) {
                throw new IllegalStateException("the text has changed: " + inside);
            }
            var without = inside.substring(0, from) + inside.substring(from + "return (".length());
            int to = without.lastIndexOf("\n)");
            if (to >= 0 && (without.substring(0, to) + without.substring(to + 2)).equals(text)) {
                return;
            }
            from++;
        }
    }
}
