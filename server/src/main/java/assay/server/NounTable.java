package assay.server;

import assay.domain.noun.Noun;
import java.util.ArrayList;
import java.util.List;

/// The nouns as a table for people: name, number of fields, verbs.
final class NounTable {
    private static final List<String> WRITES = List.of("create", "update", "delete");

    private NounTable() {}

    static String of(List<Noun> nouns) {
        int widest = 4;
        for (var noun : nouns) {
            widest = Math.max(widest, noun.name().length());
        }
        var text = new StringBuilder();
        row(text, widest, "NOUN", "FIELDS", "VERBS");
        for (var noun : nouns) {
            var fields = Integer.toString(noun.fields().size());
            row(text, widest, noun.name(), fields, String.join(" ", verbs(noun)));
        }
        return text.toString();
    }

    private static List<String> verbs(Noun noun) {
        var verbs = new ArrayList<>(WRITES);
        verbs.removeAll(noun.disabled());
        verbs.addAll(noun.verbs().keySet());
        return verbs;
    }

    private static void row(
            StringBuilder text, int widest, String noun, String fields, String verbs) {
        text.append(noun).repeat(' ', widest + 2 - noun.length());
        text.repeat(' ', 6 - fields.length()).append(fields).append("  ").append(verbs);
        text.append('\n');
    }
}
