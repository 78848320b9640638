package assay.tools;

import java.util.StringJoiner;
import tools.jackson.databind.node.ObjectNode;

/// An object in a few words, for readers that take text.
final class Brief {
    private static final int LONGEST = 300;

    private Brief() {}

    /// Such as `Experiment "Pricing page" is Running. Hypothesis: "…"`. What users wrote stands in
    /// quotes.
    static String of(ObjectNode entity) {
        var text = new StringJoiner(" ");
        text.add(entity.path("$type").asString(""));
        text.add(quoted(entity.path("name").asString(entity.path("$id").asString(""))));
        for (var field : new String[] {"status", "stage"}) {
            if (entity.path(field).isString()) {
                text.add("is " + entity.path(field).stringValue() + ".");
                break;
            }
        }
        for (var field : new String[] {"hypothesis", "description"}) {
            if (entity.path(field).isString()) {
                text.add(field + ": " + quoted(entity.path(field).stringValue()) + ".");
            }
        }
        if (entity.path("winner").isString()) {
            text.add("Winner: " + quoted(entity.path("winner").stringValue()) + ".");
        }
        if (entity.path("results").path("text").isString()) {
            text.add(entity.path("results").path("text").stringValue());
        }
        return text.toString();
    }

    private static String quoted(String text) {
        var bounded = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return '"' + bounded.replace("\"", "'").replace('\n', ' ') + '"';
    }
}
