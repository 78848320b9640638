package assay.scripting;

import java.util.Optional;
import java.util.regex.Pattern;
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
/// @param isKept whether the engine keeps what it has read of it
record Program(Source source, Edits edits, boolean callable, boolean isKept) {
    private static final String NAME = "script.js";
    static final String OPEN = "(async()=>{";
    static final String CLOSE = "\n})";

    /// Brackets inside brackets for which the whole parser does not use up the frames of a script.
    private static final int DEEPEST = 40;

    private static final Pattern SYNTAX_ERROR =
            Pattern.compile("(?:SyntaxError: )?(?:" + Pattern.quote(NAME) + ":\\d+:\\d+ )?(.*)");
    private static final Pattern MODULE_WORD = Pattern.compile("\\s*+(import|export)\\b");
    private static final Pattern DEFAULT_EXPORT =
            Pattern.compile("^[ \\t]*+(export\\s++default)\\b", Pattern.MULTILINE);
    private static final Pattern IMPORT_CALL = Pattern.compile("\\bimport\\s*+\\(");

    /// Reads a script on behalf of the realm that will run it, within the limits of that realm.
    ///
    /// JavaScript is read by the engine alone. What the engine does not read may be a block of code
    /// among prose, or TypeScript; when it is neither, the engine's word stands.
    static Program of(String text, Parsers parsers) throws UnreadableScript {
        var whole = Fence.around(text);
        try {
            return of(text, text, whole, parsers);
        } catch (UnreadableScript unread) {
            var fence = Fence.within(text);
            if (fence.isPresent() && !fence.get().equals(whole)) {
                return ofBlock(text, fence.get(), parsers);
            }
            return ofTypeScript(text, whole, unread, parsers);
        }
    }

    private static Program ofBlock(String text, Fence fence, Parsers parsers)
            throws UnreadableScript {
        try {
            return of(text, text, fence, parsers);
        } catch (UnreadableScript unread) {
            return ofTypeScript(text, fence, unread, parsers);
        }
    }

    private static Program ofTypeScript(
            String text, Fence fence, UnreadableScript unread, Parsers parsers)
            throws UnreadableScript {
        var code = text.substring(fence.start(), fence.end());
        if (unread.isCutShort() || Outline.depth(code) > DEEPEST) {
            throw unread;
        }
        var reading = parsers.whole().read(code).orElseThrow(() -> unread);
        var places = new Edits(text);
        return switch (reading) {
            case WholeParser.Reading.Erased(var bare) -> {
                if (bare.equals(code)) {
                    throw unread;
                }
                yield of(
                        text,
                        text.substring(0, fence.start()) + bare + text.substring(fence.end()),
                        fence,
                        parsers);
            }
            case WholeParser.Reading.Kept(var what, var at) ->
                    throw Mistake.notErasable(what, places.position(fence.start() + at));
            case WholeParser.Reading.Wrong(var wrong, var at) ->
                    throw Mistake.named(wrong, places.position(fence.start() + at), unread);
        };
    }

    /// @param text the agent's
    /// @param bare the same without its types
    private static Program of(String text, String bare, Fence fence, Parsers parsers)
            throws UnreadableScript {
        var code = bare;
        var exported = exported(code, fence, parsers);
        if (exported.isPresent()) {
            code = exported.get().code();
        }
        var edits = new Edits(text, code).replace(0, fence.start(), OPEN);
        int start = Imports.replace(code, fence.start(), fence.end(), edits);
        var result =
                exported.map(DefaultExport::value)
                        .or(() -> TrailingExpression.in(bare, start, fence.end(), parsers));
        result.ifPresent(it -> edits.insert(it.start(), "return (").insert(it.end(), "\n)"));
        if (IMPORT_CALL.matcher(code).region(start, fence.end()).find()) {
            var calls = parsers.whole().imports(code.substring(start, fence.end()));
            Imports.replaceCalls(calls, start, edits);
        }
        edits.replace(fence.end(), text.length(), CLOSE);
        var program =
                new Program(
                        source(edits.text(), NAME, false, false),
                        edits,
                        result.map(TrailingExpression::alone).orElse(false),
                        false);
        try {
            var _ = parsers.parse(program.source);
        } catch (PolyglotException unread) {
            throw program.unreadable(unread, fence);
        }
        return program;
    }

    /// A script that exports its function, as a module would.
    ///
    /// @param code the script with spaces in place of the words
    private record DefaultExport(String code, TrailingExpression value) {}

    private static Optional<DefaultExport> exported(
            String code, Fence fence, TrailingExpression.Parser parser) {
        var words = DEFAULT_EXPORT.matcher(code).region(fence.start(), fence.end());
        if (!words.find()) {
            return Optional.empty();
        }
        int end = Outline.of(code, fence.start(), fence.end()).end();
        int from = Math.min(end, Trivia.skip(code, words.end(), end));
        return parser.readsExpression(code.substring(from, end))
                ? Optional.of(
                        new DefaultExport(
                                code.substring(0, words.start(1))
                                        + " ".repeat(words.end(1) - words.start(1))
                                        + code.substring(words.end(1)),
                                new TrailingExpression(from, end, true)))
                : Optional.empty();
    }

    /// The same, read once by the engine for all realms from now on. What is not kept goes with its
    /// realm, so that texts that are sent once leave nothing behind.
    Program kept() {
        return isKept
                ? this
                : new Program(
                        source(source.getCharacters().toString(), NAME, false, true),
                        edits,
                        callable,
                        true);
    }

    /// Where a part of the program is in the agent's text.
    ///
    /// @return nothing when it is a part of something else, for instance of a text given to `eval`
    Optional<Outcome.Position> position(SourceSection section) {
        return section.getSource().equals(source)
                ? Optional.of(edits.position(edits.origin(section.getCharIndex())))
                : Optional.empty();
    }

    private UnreadableScript unreadable(PolyglotException thrown, Fence fence) {
        if (!thrown.isSyntaxError()) {
            throw thrown;
        }
        var section = thrown.getSourceLocation();
        int index = section == null ? 0 : section.getCharIndex();
        var at = edits.position(edits.origin(index));
        if (index > source.getLength() - CLOSE.length()) {
            return Mistake.cutShort(at, edits.unclosed(fence.start(), fence.end()));
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
}
