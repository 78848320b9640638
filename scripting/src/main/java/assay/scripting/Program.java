package assay.scripting;

import java.util.Optional;
import java.util.regex.Pattern;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.SourceSection;

/// A script that the engine has read: an async function around the agent's text, which gives the
/// result.
///
/// The function adds no line in front of the text, so a line number is the agent's own wherever the
/// script can see one.
///
/// @param source evaluates to that function
/// @param edits what was changed in the agent's text
/// @param callable whether the script is a single expression, and so a function that has to be
///   called when its value is one
record Program(Source source, Edits edits, boolean callable) {
    private static final String NAME = "script.js";
    private static final String OPEN = "(async()=>{";
    private static final String CLOSE = "\n})";
    private static final Pattern SYNTAX_ERROR =
            Pattern.compile("(?:SyntaxError: )?(?:" + Pattern.quote(NAME) + ":\\d+:\\d+ )?(.*)");
    private static final Pattern MODULE_WORD = Pattern.compile("\\s*+(import|export)\\b");

    /// Reads a script on behalf of the realm that will run it, within the limits of that realm.
    static Program of(String text, Context context) throws UnreadableScript {
        var parser = new ContextParser(context);
        var fence = Fence.around(text);
        var edits = new Edits(text).replace(0, fence.start(), OPEN);
        int start = Imports.replace(text, fence.start(), fence.end(), edits);
        var result = TrailingExpression.in(text, start, fence.end(), parser);
        result.ifPresent(it -> edits.insert(it.start(), "return (").insert(it.end(), "\n)"));
        edits.replace(fence.end(), text.length(), CLOSE);
        var program =
                new Program(
                        source(edits.text(), NAME, false, true),
                        edits,
                        result.map(TrailingExpression::alone).orElse(false));
        try {
            context.parse(program.source);
        } catch (PolyglotException unread) {
            throw program.unreadable(unread);
        }
        return program;
    }

    /// Where a part of the program is in the agent's text.
    ///
    /// @return nothing when it is a part of something else, for instance of a text given to `eval`
    Optional<Outcome.Position> position(SourceSection section) {
        return section.getSource().equals(source)
                ? Optional.of(edits.position(edits.origin(section.getCharIndex())))
                : Optional.empty();
    }

    private UnreadableScript unreadable(PolyglotException thrown) {
        if (!thrown.isSyntaxError()) {
            throw thrown;
        }
        var section = thrown.getSourceLocation();
        int index = section == null ? 0 : section.getCharIndex();
        var at = edits.position(edits.origin(index));
        if (index > source.getLength() - CLOSE.length()) {
            return new UnreadableScript("The script ends where more of it was expected.", at);
        }
        var word = MODULE_WORD.matcher(at.text());
        if (word.lookingAt()) {
            return new UnreadableScript(
                    word.group(1).equals("import")
                            ? "An import must stand at the top of the script, before anything else."
                            : "A script cannot export. Its result is its last expression, or what it returns.",
                    at);
        }
        var message = SYNTAX_ERROR.matcher(thrown.getMessage());
        return new UnreadableScript(
                message.lookingAt() ? message.group(1) : "This is not JavaScript.", at);
    }

    /// @param kept whether the engine may keep what it read for the next realm
    static Source source(String text, String name, boolean internal, boolean kept) {
        return Source.newBuilder("js", text, name).internal(internal).cached(kept).buildLiteral();
    }

    private record ContextParser(Context context) implements TrailingExpression.Parser {
        @Override
        public boolean readsStatements(String text) {
            return reads(OPEN + text + "})");
        }

        @Override
        public boolean readsExpression(String text) {
            return reads("(async()=>(" + text + "\n))");
        }

        private boolean reads(String text) {
            try {
                context.parse(source(text, "probe.js", true, false));
                return true;
            } catch (PolyglotException unread) {
                if (unread.isSyntaxError()) {
                    return false;
                }
                throw unread;
            }
        }
    }
}
