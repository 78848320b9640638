package assay.server.cli;

import java.util.List;

/// The help texts, made from the tables of verbs and options.
public final class Help {
    private static final String EXIT_CODES =
            "Exit codes: 0 done, 1 refused or failed, 2 not understood.\n";

    private static final String OF_VERIFY =
            "Exit codes: 0 the same, 1 refused or failed, 2 not understood, 3 the data were changed, 4 other numbers from"
                    + " the same data, 5 the certificate was edited.\n";

    private Help() {}

    /// All verbs and what they share.
    public static String ofAll() {
        var text = new StringBuilder("Assay: experiments for AI agents, over MCP.\n\n");
        for (var verb : Verb.values()) {
            if (!verb.isHidden()) {
                row(text, verb.synopsis(), verb.meaning());
            }
        }
        row(text, "assay --version", "Print the versions of Assay and of its Java.");
        row(text, "assay VERB --help", "Explain one verb.");
        text.append("\nWith every verb:\n");
        options(text, Verb.everywhere());
        return text.append('\n').append(EXIT_CODES).toString();
    }

    /// One verb with its options.
    public static String of(Verb verb) {
        var text = new StringBuilder(verb.synopsis()).append(" [OPTIONS]\n\n");
        text.append(verb.meaning()).append("\n\n");
        options(text, verb.own());
        options(text, verb.shared());
        return text.append('\n').append(verb == Verb.VERIFY ? OF_VERIFY : EXIT_CODES).toString();
    }

    private static void options(StringBuilder text, List<Option> options) {
        for (var option : options) {
            row(
                    text,
                    (option.flag() + " " + option.placeholder()).strip(),
                    option.meaning()
                            + " Default: "
                            + option.fallback()
                            + ". ["
                            + option.variable()
                            + "]");
        }
    }

    private static void row(StringBuilder text, String left, String right) {
        text.append("  ").append(left);
        text.repeat(' ', Math.max(2, 24 - left.length())).append(right).append('\n');
    }
}
