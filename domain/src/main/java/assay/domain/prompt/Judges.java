package assay.domain.prompt;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.noun.Noun;
import assay.domain.store.Calibrations;
import assay.domain.store.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Judges: what they say of outputs, what a model is to be asked, and how far they can be trusted.
public final class Judges {
    /// The noun.
    public static final String JUDGE = "Judge";

    /// Outputs that one call may have judged.
    static final int LARGEST_BATCH = 1_000;

    private static final int LARGEST_CALIBRATION = 10_000;
    private static final int LONGEST_ITEM = 200;
    private static final Set<String> ROW =
            Set.of("item", "judge", "again", "human", "position", "length");
    private static final double HALF = 0.5;

    private final Scope scope;
    private final Noun noun;
    private final Code code;

    /// @param code runs scripted judges
    public Judges(Scope scope, Code code) {
        this.scope = scope;
        this.noun = scope.nouns().require(JUDGE);
        this.code = code;
    }

    /// The judge with this id or slug.
    ///
    /// @throws Refused if there is none
    public StoredObject require(String idOrSlug) {
        return scope.require().apply(noun, idOrSlug);
    }

    private static JudgeKind kind(StoredObject judge) {
        return JudgeKind.of(judge.document().path("kind").asString(""));
    }

    /// What a judge says of an output, or of each of several.
    ///
    /// @param what `{output, expected?, input?}`, or an array of these; for a judge of the kind
    ///   model also `answer`, what the model said; of the kind pairwise-model `{item, outputs:
    ///   {key: output, key: output}, answer}`; of the kind human `{label}`
    /// @return `{score, pass, why}`, of pairs also `{winner, shown, position}`, or an array of
    ///   these in the same order; the score of a pair is that of the output named first, position
    ///   is where that one stood
    public JsonNode score(String idOrSlug, JsonNode what) {
        var judge = require(idOrSlug);
        if (!(what instanceof ArrayNode several)) {
            return score(judge, List.of(Judged.of(what))).path(0);
        }
        if (several.size() > LARGEST_BATCH) {
            throw new Refused(
                    Reason.LIMIT_EXCEEDED,
                    "The call brings %,d outputs; the most is %,d."
                            .formatted(several.size(), LARGEST_BATCH),
                    "Split them over several calls.");
        }
        return score(judge, several.valueStream().map(Judged::of).toList());
    }

    private ArrayNode score(StoredObject judge, List<Judged> several) {
        var document = judge.document();
        return switch (kind(judge)) {
            case EXACT -> each(several, TextScorers.exact(document));
            case CONTAINS -> each(several, TextScorers.contains(document));
            case REGEX -> each(several, TextScorers.regex(document));
            case JSON_SCHEMA -> each(several, TextScorers.schema(document));
            case NUMERIC -> each(several, TextScorers.numeric(document));
            case SIMILARITY -> each(several, TextScorers.similarity(document));
            case SCRIPT -> scripted(document, several);
            case MODEL -> each(several, spoken(document, "answer"));
            case HUMAN -> each(several, spoken(document, "label"));
            case PAIRWISE_MODEL -> {
                var list = Json.array();
                several.forEach(judged -> list.add(preferred(judge, judged)));
                yield list;
            }
        };
    }

    private static ArrayNode each(List<Judged> several, Scorer scorer) {
        var list = Json.array();
        several.forEach(judged -> list.add(scorer.score(judged).json()));
        return list;
    }

    private ArrayNode scripted(ObjectNode document, List<Judged> several) {
        var values = Json.array();
        several.forEach(judged -> values.add(judged.json()));
        var passAt = document.path("passAt").doubleValue(HALF);
        var list = Json.array();
        for (var returned : code.map(document.path("source").asString(""), values)) {
            list.add(ScriptedScore.of(returned, passAt).json());
        }
        return list;
    }

    /// A judge whom somebody else speaks for.
    ///
    /// @param member where that one's word stands
    private static Scorer spoken(ObjectNode document, String member) {
        var scale = Scale.of(document.path("scale"));
        var passAt = document.path("passAt").doubleValue(HALF);
        return judged -> {
            var word =
                    judged.need(
                            member,
                            member.equals("answer")
                                    ? "Run the messages of $.Judge.prompt(id, {output, …}), and send what the model said as {answer: '…'}."
                                    : "Send {label: …} with the number that the person gave.");
            var number =
                    member.equals("label") && word.isBoolean()
                            ? end(scale, word.booleanValue())
                            : Verdicts.number(word);
            var share = scale.share(member, number);
            return new Score(
                    share, share >= passAt, "The %s is %s.".formatted(member, Quoted.of(word)));
        };
    }

    private static double end(Scale scale, boolean isGood) {
        return isGood ? scale.max() : scale.min();
    }

    private static ObjectNode preferred(StoredObject judge, Judged judged) {
        var keys = keys(judged);
        var shown = shown(judge, judged, keys);
        var choice =
                Verdicts.choice(
                        judged.need(
                                "answer",
                                "Run the messages of $.Judge.prompt(id, {item, outputs}), and send what the model said as {answer: '…'}."));
        var json =
                switch (choice) {
                    case TIE ->
                            new Score(HALF, false, "It calls both equal.")
                                    .json()
                                    .put("winner", "tie");
                    case FIRST -> won(shown.getFirst(), keys);
                    case SECOND -> won(shown.getLast(), keys);
                };
        shown.forEach(json.putArray("shown")::add);
        return json.put("position", shown.getFirst().equals(keys.getFirst()) ? "first" : "second");
    }

    private static ObjectNode won(String winner, List<String> keys) {
        return Score.of(
                        winner.equals(keys.getFirst()),
                        "It prefers %s.".formatted(Quoted.of(winner)))
                .json()
                .put("winner", winner);
    }

    private static List<String> keys(Judged judged) {
        var outputs =
                judged.need("outputs", "Send {item, outputs: {control: '…', treatment: '…'}}.");
        if (!outputs.isObject() || outputs.size() != 2) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s are not two outputs to be compared.".formatted(Quoted.of(outputs)),
                            "Send outputs as {control: '…', treatment: '…'}.")
                    .field("outputs");
        }
        return List.copyOf(outputs.propertyNames());
    }

    private static List<String> shown(StoredObject judge, Judged judged, List<String> keys) {
        var item =
                judged.need(
                        "item", "Send the id of the item: it decides which output is shown first.");
        return Verdicts.shuffled(judge.id(), Judged.text(item), keys);
    }

    /// What a model is to be asked.
    ///
    /// @param what as for [#score], without the answer
    /// @return `{messages, model?, parameters?}`, of pairs also `shown`, the keys in the order in
    ///   which their outputs stand in the messages
    public ObjectNode prompt(String idOrSlug, JsonNode what) {
        var judge = require(idOrSlug);
        var kind = kind(judge);
        if (kind != JudgeKind.MODEL && kind != JudgeKind.PAIRWISE_MODEL) {
            throw new Refused(
                    Reason.INVALID_REQUEST,
                    "A judge of the kind %s asks no model.".formatted(kind.word()),
                    "Call $.Judge.score('%s', {output, expected}).".formatted(judge.id()));
        }
        var judged = Judged.of(what);
        var values = Json.object();
        for (var member : List.of("input", "expected")) {
            judged.json().optional(member).ifPresent(value -> values.set(member, value));
        }
        var json = Json.object();
        if (kind == JudgeKind.MODEL) {
            values.set("output", judged.output());
        } else {
            var shown = shown(judge, judged, keys(judged));
            values.set("first", judged.json().path("outputs").path(shown.getFirst()));
            values.set("second", judged.json().path("outputs").path(shown.getLast()));
            shown.forEach(json.putArray("shown")::add);
        }
        var content = content(judge);
        var input = new Input(values);
        var missing = content.missing(input);
        if (!missing.isEmpty()) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "There is no value for %s of the judge's prompt."
                                    .formatted(Quoted.all(missing)),
                            "Send %s too, or use a judge whose prompt does without."
                                    .formatted(missing.getFirst().split("\\.", -1)[0]))
                    .field(missing.getFirst());
        }
        json.set("messages", content.render(input));
        if (!content.model().isEmpty()) {
            json.put("model", content.model());
        }
        return content.parameters().isEmpty() ? json : json.set("parameters", content.parameters());
    }

    private PromptContent content(StoredObject judge) {
        var prompt = judge.document().path("prompt").asString("");
        return PromptContent.of(
                prompt.isEmpty()
                        ? judge.document()
                        : new Prompts(scope).require(prompt).document());
    }

    /// Keeps what a judge said of things that were judged again.
    ///
    /// @param given `[{item, judge, again?, human?, position?, length?}]`, scores from 0 to 1, at
    ///   most 10,000; a row takes the place of one with the same item and position
    /// @return `{kept, total}`
    public ObjectNode calibrate(String idOrSlug, JsonNode given) {
        scope.objects().prepareToWrite();
        var judge = require(idOrSlug);
        if (!given.isArray() || given.isEmpty() || given.size() > LARGEST_CALIBRATION) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "calibrate takes 1 to %,d rows, not %s."
                            .formatted(LARGEST_CALIBRATION, Quoted.of(given)),
                    "Send [{item: 'q1', judge: 1, human: 0}]; the scores are those of $.Judge.score, from 0 to 1.");
        }
        var rows = new ArrayList<Calibrations.Row>();
        for (var i = 0; i < given.size(); i++) {
            rows.add(row("[%d]".formatted(i), given.get(i)));
        }
        var calibrations = new Calibrations(scope.transaction());
        calibrations.keep(judge.id(), rows, scope.now().toEpochMilli(), scope.actor());
        scope.log(judge, "calibrate", "Calibrated", Json.object().put("rows", rows.size()));
        return Json.object()
                .put("kept", rows.size())
                .put("total", (int) calibrations.count(judge.id()));
    }

    private static Calibrations.Row row(String path, JsonNode json) {
        for (var key : json.propertyNames()) {
            if (!ROW.contains(key)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "A row of calibration has no %s.".formatted(Quoted.of(key)),
                                "%sSend {item, judge, again, human, position, length}."
                                        .formatted(Nearest.hint(key, ROW)))
                        .field(path + "." + key);
            }
        }
        var item = json.path("item").asString("");
        if (item.isBlank() || item.length() > LONGEST_ITEM) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "A row of calibration needs the id of its item.",
                            "Send item as a text of 1 to %d characters.".formatted(LONGEST_ITEM))
                    .field(path + ".item");
        }
        var score = unit(path, "judge", json.path("judge"));
        if (score.isEmpty()) {
            throw new Refused(
                            Reason.MISSING_FIELD,
                            "A row of calibration needs the judge's score.",
                            "Send judge as the score of $.Judge.score, from 0 to 1.")
                    .field(path + ".judge");
        }
        return new Calibrations.Row(
                item,
                score.getAsDouble(),
                unit(path, "again", json.path("again")),
                unit(path, "human", json.path("human")),
                position(path, json.path("position")),
                length(path, json.path("length")));
    }

    private static OptionalDouble unit(String path, String field, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return OptionalDouble.empty();
        }
        var score = value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.doubleValue(-1);
        if (!(score >= 0 && score <= 1)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no score.".formatted(Quoted.of(value)),
                            "Send %s as a number from 0 to 1.".formatted(field))
                    .field(path + "." + field);
        }
        return OptionalDouble.of(score);
    }

    private static Optional<String> position(String path, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!List.of("first", "second").contains(value.asString(""))) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no position.".formatted(Quoted.of(value)),
                            "Send position as first or second: where the output stood whose score it is.")
                    .field(path + ".position");
        }
        return Optional.of(value.stringValue());
    }

    private static OptionalDouble length(String path, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber() || Math.abs(value.doubleValue(0)) > 1e9) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no length.".formatted(Quoted.of(value)),
                            "Send length as the characters of the output; of pairs, as how many it has more than the other.")
                    .field(path + ".length");
        }
        return OptionalDouble.of(value.doubleValue());
    }

    /// How far a judge can be trusted, by what [#calibrate] kept.
    ///
    /// @param options `{alpha = 0.05}`; with `{judged, passed}`, how many other outputs the judge
    ///   saw and passed, also `rate`, the share that people would pass
    /// @return see [Calibration]
    public ObjectNode calibration(String idOrSlug, JsonNode options) {
        return calibration(scope, require(idOrSlug), options);
    }

    /// The same of a judge that is at hand.
    public static ObjectNode calibration(Scope scope, StoredObject judge, JsonNode options) {
        var alpha = options.path("alpha").asDouble(0.05);
        if (!(alpha >= 0.0001 && alpha <= 0.5)) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no error probability."
                                    .formatted(Quoted.of(options.path("alpha"))),
                            "Send alpha as a number from 0.0001 to 0.5.")
                    .field("alpha");
        }
        var passAt =
                kind(judge) == JudgeKind.PAIRWISE_MODEL
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(judge.document().path("passAt").doubleValue(HALF));
        var rows = new Calibrations(scope.transaction()).of(judge.id());
        var calibration = new Calibration(rows, passAt, alpha);
        var json = calibration.json();
        if (options.hasNonNull("judged")) {
            var judged = count("judged", options);
            var passed = count("passed", options);
            if (passed > judged) {
                throw new Refused(
                                Reason.INVALID_VALUE,
                                "%d of %d outputs cannot have passed.".formatted(passed, judged),
                                "Send passed as how many of the judged outputs the judge passed.")
                        .field("passed");
            }
            calibration.rate(passed, judged).ifPresent(rate -> json.set("rate", rate));
        }
        return json;
    }

    private static long count(String field, JsonNode options) {
        var count = options.path(field);
        if (!count.isNumber()
                || count.doubleValue() < 0
                || count.doubleValue() != Math.rint(count.doubleValue())) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is no number of outputs.".formatted(Quoted.of(count)),
                            "Send judged and passed as whole numbers.")
                    .field(field);
        }
        return count.asLong(0);
    }
}
