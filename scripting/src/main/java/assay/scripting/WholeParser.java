package assay.scripting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;

/// A parser that knows TypeScript and gives a tree: Babel's, run inside a realm and within its
/// limits.
///
/// It takes many times as long as the engine's own, so it is asked only about texts that the engine
/// does not read, about functions that become hooks, and about calls of `import`.
final class WholeParser {
    private static final String BABEL =
            "/META-INF/resources/webjars/babel__parser/7.29.8/lib/index.js";

    private final Value reader;

    WholeParser(Context context) {
        var babel = context.eval(Sources.BABEL);
        reader =
                context.eval(Sources.READER)
                        .execute(babel.getMember("parse"), babel.getMember("parseExpression"));
    }

    /// What a text is, when it is not JavaScript.
    sealed interface Reading {
        /// TypeScript.
        ///
        /// @param text the same text with spaces in place of what is about types alone
        record Erased(String text) implements Reading {}

        /// TypeScript with something that is more than types.
        ///
        /// @param what names it
        record Kept(String what, int at) implements Reading {}

        /// No language.
        ///
        /// @param code the parser's name for what is wrong
        record Wrong(String code, int at) implements Reading {}
    }

    /// A call of `import` with a text.
    record Import(int from, int to, String module) {}

    /// Reads a whole script.
    ///
    /// @return nothing when the parser itself fails on it
    Optional<Reading> read(String text) {
        return ask("read", text)
                .map(reading -> {
                    var what = reading.getArrayElement(1).asString();
                    int at = reading.getArrayElement(2).asInt();
                    return switch (reading.getArrayElement(0).asString()) {
                        case "erased" -> new Reading.Erased(what);
                        case "kept" -> new Reading.Kept(what, at);
                        default -> new Reading.Wrong(what, at);
                    };
                });
    }

    /// The variables that a function uses and does not have, separated by commas.
    ///
    /// @param globals those that are everywhere, separated by commas
    Optional<String> outside(String function, String globals) {
        return ask("outside", function, globals).map(Value::asString);
    }

    /// The calls of `import` in a script, from left to right.
    List<Import> imports(String text) {
        var imports = new ArrayList<Import>();
        ask("imports", text)
                .ifPresent(found -> {
                    for (int i = 0; i < found.getArraySize(); i += 3) {
                        imports.add(
                                new Import(
                                        found.getArrayElement(i).asInt(),
                                        found.getArrayElement(i + 1).asInt(),
                                        found.getArrayElement(i + 2).asString()));
                    }
                });
        return imports;
    }

    private Optional<Value> ask(String question, Object... about) {
        try {
            return Optional.of(reader.getMember(question).execute(about));
        } catch (PolyglotException failed) {
            if (failed.isCancelled() || failed.isResourceExhausted() || failed.isInternalError()) {
                throw failed;
            }
            return Optional.empty();
        }
    }

    /// Read when the first script needs them.
    private static final class Sources {
        static final Source READER = Program.source(read("reader.js"), "reader.js", true, true);
        static final Source BABEL =
                Program.source(
                        "(function(){const exports={};"
                                + read(WholeParser.BABEL)
                                + "\nreturn exports})()",
                        "parser.js",
                        true,
                        true);

        private static String read(String name) {
            try (var text = WholeParser.class.getResourceAsStream(name)) {
                return new String(
                        Objects.requireNonNull(text, name).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }
}
