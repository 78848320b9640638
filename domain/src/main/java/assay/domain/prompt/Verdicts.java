package assay.domain.prompt;

import assay.domain.Fingerprint;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a model says of outputs, read out of its answer: JSON with a member `score` or `winner`, a
/// verdict in double square brackets, or a last line that is nothing but the verdict.
final class Verdicts {
    /// A verdict on two outputs.
    enum Choice {
        FIRST,
        SECOND,
        TIE
    }

    private static final Pattern BRACKETS = Pattern.compile("\\[\\[([^\\[\\]]{1,20})]]");

    /// A number alone, or behind the word for it: `Score: 4/5`.
    private static final Pattern NUMBER =
            Pattern.compile(
                    "(?i)(?:.*\\b(?:score|rating|verdict)\\b[^\\d-]{1,10}|[^\\w-]*)"
                            + "(-?\\d{1,6}(?:\\.\\d{1,6})?)(?:\\s*/\\s*\\d{1,6})?\\W*");

    /// A choice alone, or behind the word for it: `Winner: A`.
    private static final Pattern WORD =
            Pattern.compile(
                    "(?i)(?:.*\\b(?:winner|verdict|answer)\\b\\W{1,10}|\\W*)(a|b|tie|first|second)\\W*");

    private Verdicts() {}

    /// The number that an answer gives.
    ///
    /// @throws Refused if it gives none
    static double number(JsonNode answer) {
        var text = verdict(answer, "score");
        return text.map(NUMBER::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> Double.parseDouble(matcher.group(1)))
                .orElseThrow(() ->
                        unread(
                                answer,
                                "{\"score\": 4}, or end with a line that is only the number"));
    }

    /// Which of two outputs an answer prefers: A is the first that was shown.
    ///
    /// @throws Refused if it names none
    static Choice choice(JsonNode answer) {
        var word =
                verdict(answer, "winner")
                        .map(WORD::matcher)
                        .filter(matcher -> matcher.matches())
                        .map(matcher -> matcher.group(1).toLowerCase(Locale.ROOT))
                        .orElseThrow(() ->
                                unread(
                                        answer,
                                        "{\"winner\": \"A\"}, or end with a line that is only A, B or tie"));
        return switch (word) {
            case "a", "first" -> Choice.FIRST;
            case "b", "second" -> Choice.SECOND;
            default -> Choice.TIE;
        };
    }

    private static Optional<String> verdict(JsonNode answer, String member) {
        if (answer.isNumber()) {
            return Optional.of(answer.asString());
        }
        var json =
                answer.isString() ? TextScorers.json(answer.stringValue()).orElse(answer) : answer;
        if (json.isObject()) {
            return Optional.of(json.path(member).asString("")).filter(text -> !text.isEmpty());
        }
        var text = answer.asString("");
        var brackets = BRACKETS.matcher(text);
        Optional<String> last = Optional.empty();
        while (brackets.find()) {
            last = Optional.of(brackets.group(1));
        }
        return last.or(() -> lastLine(text));
    }

    private static Optional<String> lastLine(String text) {
        var lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
    }

    private static Refused unread(JsonNode answer, String form) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "There is no verdict in the answer %s.".formatted(Quoted.of(answer)),
                        "Ask the model again, and let the prompt of the judge tell it to answer with %s."
                                .formatted(form))
                .field("answer");
    }

    /// Two keys in the order in which their outputs are shown: by chance, yet the same whenever the
    /// same judge is asked about the same item.
    static List<String> shuffled(String judge, String item, List<String> keys) {
        var sorted = keys.stream().sorted().toList();
        var isTurned =
                (Fingerprint.of(judge + '\n' + item + '\n' + String.join("\n", sorted), 0)[0] & 1)
                        == 1;
        return isTurned ? sorted.reversed() : sorted;
    }
}
