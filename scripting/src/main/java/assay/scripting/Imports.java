package assay.scripting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The imports at the top of a script. There are no modules here: what agents import from our own
/// names is a member of `$`, everything else is refused.
final class Imports {
    private static final String NAME = "[\\p{L}_$][\\p{L}\\p{N}_$]*+";
    private static final Pattern CLAUSE =
            Pattern.compile(
                    "(?:(?<whole>%1$s)(?:\\s*+,\\s*+|$))?+(?:\\*\\s*+as\\s++(?<all>%1$s)|\\{(?<some>[^{}]*+)})?+"
                            .formatted(NAME));
    private static final Pattern MEMBER =
            Pattern.compile("(?<name>%1$s)(?:\\s++as\\s++(?<local>%1$s))?+".formatted(NAME));

    /// Longer than any list of imports that is meant seriously.
    private static final int LONGEST = 4_000;

    private final String text;
    private final int end;
    private final Edits edits;

    private Imports(String text, int end, Edits edits) {
        this.text = text;
        this.end = end;
        this.edits = edits;
    }

    /// Puts constants in place of the imports that stand between two places of a text, on the same
    /// lines.
    ///
    /// @return where the first import began that was left alone, or whatever else comes first
    static int replace(String text, int start, int end, Edits edits) throws UnreadableScript {
        return new Imports(text, end, edits).replaceFrom(start);
    }

    /// Puts promises in place of the calls of `import` in a part of a text.
    ///
    /// @param start where that part begins
    static void replaceCalls(List<WholeParser.Import> calls, int start, Edits edits)
            throws UnreadableScript {
        for (var call : calls) {
            int from = start + call.from();
            requireOurs(call.module(), from, edits);
            edits.replace(from, start + call.to(), "Promise.resolve({__proto__:$,$,default:$})");
        }
    }

    private static void requireOurs(String module, int at, Edits edits) throws UnreadableScript {
        if (!module.startsWith("@headlessly/") && !module.equals("assay")) {
            throw new UnreadableScript(
                    "There is no module '%s' here. Scripts can import from '@headlessly/experiments' and from 'assay'; everything else they need is in $."
                            .formatted(module.length() > 100 ? module.substring(0, 100) : module),
                    edits.position(at),
                    Optional.of(
                            "Leave the import out and use the members of $: every type is one of them."));
        }
    }

    private int replaceFrom(int start) throws UnreadableScript {
        int at = Trivia.skip(text, start, end);
        while (isImport(at)) {
            at = Trivia.skip(text, replaceOne(at), end);
        }
        return at;
    }

    private boolean isImport(int at) {
        int next = at + "import".length();
        return next < end
                && text.startsWith("import", at)
                && (Character.isWhitespace(text.charAt(next))
                        || "{*'\"".indexOf(text.charAt(next)) >= 0);
    }

    private int replaceOne(int at) throws UnreadableScript {
        int open = at + "import".length();
        int latest = Math.min(end, at + LONGEST);
        while (open < latest && "'\"".indexOf(text.charAt(open)) < 0) {
            open++;
        }
        int close = open < latest ? text.indexOf(text.charAt(open), open + 1) : -1;
        if (close < 0 || close >= latest) {
            throw refused(at, "This import cannot be read.");
        }
        var module = text.substring(open + 1, close);
        requireOurs(module, at, edits);
        var clause = text.substring(at + "import".length(), open).strip();
        var constants =
                constants(clause).orElseThrow(() -> refused(at, "This import cannot be read."));
        int after = close + 1;
        if (after < end && text.charAt(after) == ';') {
            after++;
        }
        var lines =
                "\n".repeat((int) text.substring(at, after).chars().filter(c -> c == '\n').count());
        edits.replace(at, after, constants + ";" + lines);
        return after;
    }

    private UnreadableScript refused(int at, String message) {
        return new UnreadableScript(message, edits.position(at));
    }

    private static Optional<String> constants(String clause) {
        if (clause.isEmpty()) {
            return Optional.of("");
        }
        if (!clause.endsWith("from")) {
            return Optional.empty();
        }
        var named = CLAUSE.matcher(clause.substring(0, clause.length() - "from".length()).strip());
        if (!named.matches()) {
            return Optional.empty();
        }
        var constants = new ArrayList<String>();
        declare(named.group("whole"), "$", constants);
        declare(named.group("all"), "$", constants);
        if (named.group("some") != null) {
            for (var written : named.group("some").split(",", -1)) {
                var member = MEMBER.matcher(written.strip());
                if (member.matches()) {
                    var name = member.group("name");
                    var local = member.group("local");
                    var isAll = name.equals("$") || name.equals("default");
                    declare(local == null ? name : local, isAll ? "$" : "$." + name, constants);
                } else if (!written.isBlank()) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(constants.isEmpty() ? "" : "const " + String.join(",", constants));
    }

    private static void declare(@Nullable String local, String value, List<String> constants) {
        // `$` is there already, and a constant of its own name could not be read from itself.
        if (local != null && !local.equals("$")) {
            constants.add(local + "=" + value);
        }
    }
}
