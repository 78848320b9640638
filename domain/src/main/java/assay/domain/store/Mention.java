package assay.domain.store;

import assay.domain.JsonTree;
import tools.jackson.databind.node.JsonNodeFactory;

/// Whether a text names a subject: holds its name with no letter or digit on either side, as it is
/// or as JSON spells it.
final class Mention {
    private Mention() {}

    static boolean of(String subject, String text) {
        return stands(subject, text) || stands(spelled(subject), text);
    }

    /// A piece of the name that every text which names the subject holds, however it is spelled.
    static String part(String subject) {
        var longest = "";
        for (var part : subject.split("[^\\p{IsAlphabetic}0-9]+", -1)) {
            longest = part.length() > longest.length() ? part : longest;
        }
        return longest;
    }

    private static String spelled(String subject) {
        var json = JsonTree.text(JsonNodeFactory.instance.stringNode(subject));
        return json.substring(1, json.length() - 1);
    }

    private static boolean stands(String name, String text) {
        for (var at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
            var end = at + name.length();
            if (!isPartOfWord(text, at - 1) && !isPartOfWord(text, end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPartOfWord(String text, int at) {
        return at >= 0 && at < text.length() && Character.isLetterOrDigit(text.charAt(at));
    }
}
