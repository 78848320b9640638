package assay.scripting;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/// The two parsers of a realm: the engine's own, and the whole one, which is loaded when it is
/// first needed.
final class Parsers implements TrailingExpression.Parser {
    private final Context context;
    private final UnaryOperator<Supplier<WholeParser>> loading;
    private @Nullable WholeParser whole;
    private @Nullable Source lastRead;
    private @Nullable Value lastProgram;

    /// @param loading wraps the loading of the whole parser, which takes a second in a new process
    Parsers(Context context, UnaryOperator<Supplier<WholeParser>> loading) {
        this.context = context;
        this.loading = loading;
    }

    /// Reads a program with the engine, and runs none of it.
    ///
    /// @return what runs it
    /// @throws PolyglotException if it cannot be read
    Value parse(Source source) {
        if (lastProgram == null || !source.equals(lastRead)) {
            lastProgram = context.parse(source);
            lastRead = source;
        }
        return lastProgram;
    }

    WholeParser whole() {
        if (whole == null) {
            whole = loading.apply(() -> new WholeParser(context)).get();
        }
        return whole;
    }

    @Override
    public boolean readsStatements(String text) {
        return reads(Program.OPEN + text + "})");
    }

    @Override
    public boolean readsExpression(String text) {
        return reads("(async()=>(" + text + "\n))");
    }

    private boolean reads(String text) {
        try {
            context.parse(Program.source(text, "probe.js", true, false));
            return true;
        } catch (PolyglotException unread) {
            if (unread.isSyntaxError()) {
                return false;
            }
            throw unread;
        }
    }
}
