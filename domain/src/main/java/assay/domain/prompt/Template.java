package assay.domain.prompt;

import assay.domain.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A text with places for values: `{{name}}`, `{{customer.name}}`, `{{answers.0}}`. A backslash in
/// front makes braces ordinary, `\{{`. Whatever else stands between double braces stays as it is.
///
/// @param parts in the order of the text
record Template(List<Part> parts) {
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*");
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    /// The longest name of a variable; what is longer between braces is text.
    private static final int LONGEST_NAME = 200;

    Template {
        parts = List.copyOf(parts);
    }

    /// A piece of a template.
    sealed interface Part {
        /// Stays as it is.
        ///
        /// @param line 1-based, where it begins
        /// @param looksLikeVariable true when it stands in double braces and is no name
        record Text(String text, int line, boolean looksLikeVariable) implements Part {}

        /// Gives way to a value.
        record Variable(String name) implements Part {}
    }

    /// Reads a text. Every text is a template.
    static Template of(String text) {
        var parts = new ArrayList<Part>();
        var plain = new StringBuilder();
        var line = 1;
        var at = 0;
        while (at < text.length()) {
            if (text.startsWith("\\" + OPEN, at)) {
                plain.append(OPEN);
                at += 3;
            } else if (text.startsWith(OPEN, at)) {
                var place = place(text, at);
                if (place.isEmpty()) {
                    plain.append(OPEN);
                    at += OPEN.length();
                    continue;
                }
                line = flush(plain, line, parts);
                parts.add(part(place.get(), line));
                at += place.get().length();
            } else {
                plain.append(text.charAt(at++));
            }
        }
        flush(plain, line, parts);
        return new Template(parts);
    }

    /// What stands in double braces from here on, braces included.
    private static Optional<String> place(String text, int from) {
        var end = Math.min(text.length(), from + LONGEST_NAME);
        var close = text.indexOf(CLOSE, from, end);
        if (close < 0) {
            return Optional.empty();
        }
        var place = text.substring(from, close + CLOSE.length());
        return place.indexOf('\n') < 0 ? Optional.of(place) : Optional.empty();
    }

    private static Part part(String place, int line) {
        var name = place.substring(OPEN.length(), place.length() - CLOSE.length()).strip();
        return NAME.matcher(name).matches()
                ? new Part.Variable(name)
                : new Part.Text(place, line, true);
    }

    private static int flush(StringBuilder plain, int line, List<Part> parts) {
        if (plain.isEmpty()) {
            return line;
        }
        var text = plain.toString();
        parts.add(new Part.Text(text, line, false));
        plain.setLength(0);
        return line + (int) text.chars().filter(c -> c == '\n').count();
    }

    /// The names of the variables in the order of the text, each once.
    List<String> variables() {
        var names = new ArrayList<String>();
        for (var part : parts) {
            if (part instanceof Part.Variable(var name) && !names.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }

    /// The text with values in place of variables. Braces within a value are ordinary; a variable
    /// without a value stays as it is.
    ///
    /// @param values the value of a variable, empty when there is none
    String render(Function<String, Optional<JsonNode>> values) {
        var text = new StringBuilder();
        for (var part : parts) {
            switch (part) {
                case Part.Text(var plain, _, _) -> text.append(plain);
                case Part.Variable(var name) ->
                        text.append(
                                values.apply(name)
                                        .map(Template::shown)
                                        .orElse(OPEN + name + CLOSE));
            }
        }
        return text.toString();
    }

    private static String shown(JsonNode value) {
        return value.isString() ? value.stringValue() : JsonTree.text(value);
    }
}
