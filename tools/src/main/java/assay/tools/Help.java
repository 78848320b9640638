package assay.tools;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Base;
import assay.domain.noun.Examples;
import assay.domain.noun.Field;
import assay.domain.noun.LifeCycle;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What `$.help` and `$.describe` answer: texts for agents, made from the declarations of the nouns
/// and of the functions, so that they say what is true.
final class Help {
    /// Characters of one text: 900 tokens of four.
    static final int LONGEST = 3_600;

    /// What the lines that a text ends with may need.
    private static final int END = 500;

    /// What create needs and the declaration does not ask for.
    private static final Map<String, String> DESIGNS =
            Map.of(
                    "Experiment",
                    "{name: 'Shorter checkout', primaryMetric: 'bought', variants: ['control', 'treatment']}",
                    "Prompt",
                    "{name: 'Support reply', template: 'Answer briefly: {{question}}'}",
                    "Dataset",
                    "{name: 'Questions', items: [{input: {question: 'What is 17 + 4?'}, expected: '21'}]}",
                    "Judge",
                    "{name: 'Helpfulness', kind: 'model', template: 'Rate from 0 to 1: {{output}}'}");

    private static final String EVENT = "Event";

    private static final String RUN = "Run";

    /// What has no history.
    private static final Set<String> APART = Set.of(EVENT, RUN);

    private static final Set<String> LEASING = Set.of("next", "judge");

    /// An experiment of which units are leased.
    private static final String OVER_A_DATASET =
            "Experiment.create({name: 'Politeness', primaryMetric: 'helpful',"
                    + " dataset: (await $.Dataset.create({name: 'Questions', items: [{input: {question: 'Who?'}}]})).$id,"
                    + " judge: (await $.Judge.create({name: 'Helpful', kind: 'model', template: 'Rate from 0 to 1: {{output}}'})).$id,"
                    + " variants: [{key: 'control', prompt: {template: '{{question}}'}}, {key: 'kind', prompt: {template: 'Please: {{question}}'}}]})";

    /// The steps from an experiment over a dataset to recorded units.
    private static final String LEASED =
            "const {units} = await $.Experiment.next(id, {n: 10, worker: 'w1', ttl: '10m'})";

    private static final String RECORDED =
            "for (const {lease} of units) await $.Experiment.record(lease, {output: 'Ada.', metrics: {latencyMs: 840, inputTokens: 12, outputTokens: 3}})";

    private static final String EVERY_TYPE =
            "get(id), find(filter, {sort, limit, offset, include, fields}), findOne, count(filter), history(id), create(data),"
                    + " update(id, data), delete(id), createMany([data]), updateMany([data]), rollback(id, version)";

    private final Nouns nouns;
    private final Examples examples;

    Help(Nouns nouns) {
        this.nouns = nouns;
        this.examples = new Examples(nouns);
    }

    /// All that there is, or one type; a call is described.
    ///
    /// @param about the name of a type, or nothing
    /// @throws Refused if there is no such type
    String of(JsonNode about) {
        if (about.isMissingNode() || about.isNull()) {
            return all();
        }
        var name = name("help", about);
        var topic = Topics.of(name);
        if (topic.isPresent()) {
            return topic.get();
        }
        var owner = owner(name);
        if (owner.isPresent()) {
            return bounded(describe(owner.get(), name));
        }
        return nouns.find(name).isEmpty() && calls().contains(name)
                ? describe(about)
                : noun(nouns.require(name));
    }

    /// The type that a bare word is a function of, such as `next`, in just this spelling: `judge`
    /// is the function, `Judge` the type.
    private Optional<Noun> owner(String name) {
        return nouns.all().stream().filter(noun -> isFunction(noun, name)).findFirst();
    }

    private String all() {
        var end =
                """
                Of every type: %s.
                $ itself: %s.
                Every call gives a promise: await it. Go on with $.help('Experiment') for one type, $.describe('Experiment.conclude') \
                for one call; {recipe: 'check-all'} in place of a script runs a saved one, $.Recipe.find() lists them.\
                """
                        .formatted(EVERY_TYPE, String.join(", ", dollar().keySet()));
        var lines =
                nouns.all().stream()
                        .map(noun ->
                                noun.description().isEmpty()
                                        ? noun.name()
                                        : noun.name() + ": " + noun.description())
                        .toList();
        return fitting(
                        "$ has these types:",
                        lines,
                        "\n",
                        LONGEST - end.length() - 1,
                        "fetch {type: 'Schema'}")
                + "\n"
                + end;
    }

    private String noun(Noun noun) {
        var text = new StringBuilder(bounded(noun.name() + ". " + noun.description()));
        var calls = new StringBuilder();
        for (var verb : noun.verbs().keySet()) {
            if (!isFunction(noun, verb)) {
                calls.append("\n").append(verbLine(noun, verb));
            }
        }
        functions(noun)
                .forEach((name, function) ->
                        calls.append("\n")
                                .append(brief(function))
                                .append(": ")
                                .append(function.meanings().getFirst())
                                .append(inBrackets(moves(noun, name))));
        var example = "\nExample: " + make(noun, noun.verbs().isEmpty() ? "" : firstVerb(noun));
        var every =
                "\nAlso "
                        + writers(noun)
                        + ". $.describe('%s.%s') tells more of a call."
                                .formatted(
                                        noun.name(),
                                        noun.verbs().isEmpty() ? "find" : firstVerb(noun));
        var verbs =
                calls.length() > LONGEST / 2
                        ? "\nVerbs: " + String.join(", ", noun.verbs().keySet()) + "."
                        : calls.toString();
        var left = LONGEST - text.length() - verbs.length() - example.length() - every.length();
        return text.append("\n")
                .append(
                        fitting(
                                "Fields (* required, ~ computed):",
                                fields(noun),
                                "; ",
                                left - 2,
                                "fetch {type: 'Schema', id: '%s'}".formatted(noun.name())))
                .append(verbs)
                .append(every)
                .append(example)
                .toString();
    }

    /// One call.
    ///
    /// @param about its name, such as `Experiment.conclude`
    /// @throws Refused if there is no such call, with the nearest
    String describe(JsonNode about) {
        var name = name("describe", about);
        var noun = nouns.find(name.substring(0, Math.max(0, name.indexOf('.'))));
        if (noun.isPresent()) {
            var member = name.substring(name.indexOf('.') + 1);
            if (members(noun.get()).contains(member)) {
                return bounded(describe(noun.get(), member));
            }
            throw unknown(
                    noun.get().name() + "." + member, members(noun.get()), noun.get().name() + ".");
        }
        var function = dollar().get(name);
        if (function != null) {
            return "$.%s\n%s\nExample: %s"
                    .formatted(
                            String.join("\n$.", function.signatures()),
                            function.meaning(),
                            DOLLAR_EXAMPLES.getOrDefault(name, "await $.%s()".formatted(name)));
        }
        if (nouns.find(name).isPresent()) {
            return noun(nouns.require(name));
        }
        throw unknown(name, calls(), "");
    }

    private static final Map<String, String> DOLLAR_EXAMPLES =
            Map.of(
                    "search",
                    "await $.search({query: 'check'})",
                    "fetch",
                    "await $.fetch({id: 'check-all', type: 'Recipe'})",
                    "history",
                    "await $.history('recipe_checkAll1')",
                    "help",
                    "await $.help('Experiment')",
                    Functions.FORGET,
                    "await $.Subject.forget('ada')",
                    "describe",
                    "await $.describe('Experiment.conclude')");

    private static Refused unknown(String call, List<String> known, String prefix) {
        var near = Nearest.to(call, known.stream().map(name -> prefix + name).toList());
        var refused =
                new Refused(
                        Reason.UNKNOWN_VERB,
                        "There is no call %s to describe.".formatted(Quoted.of(call)),
                        near.map(name -> "Did you mean %s? ".formatted(Quoted.of(name))).orElse("")
                                + (prefix.isEmpty()
                                        ? "Call $.help() for what there is."
                                        : "Use one of these after '%s': %s."
                                                .formatted(prefix, String.join(", ", known))));
        near.ifPresent(name ->
                refused.with("given", JsonNodeFactory.instance.stringNode(call))
                        .with("suggestion", JsonNodeFactory.instance.stringNode(name)));
        return refused;
    }

    /// The name as it was meant: `$.Experiment.conclude(id)` is `Experiment.conclude`.
    private static String name(String call, JsonNode about) {
        if (!about.isString()) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "%s cannot take %s.".formatted(call, Quoted.of(about)),
                    "Give it a name, such as $.%s."
                            .formatted(
                                    call.equals("help")
                                            ? "help('Experiment')"
                                            : "describe('Experiment.conclude')"));
        }
        var name = about.stringValue().strip();
        var bracket = name.indexOf('(');
        var bare = bracket < 0 ? name : name.substring(0, bracket);
        return bare.startsWith("$.") ? bare.substring(2) : bare;
    }

    private String describe(Noun noun, String member) {
        var function = functions(noun).get(member);
        var text = new StringJoiner("\n");
        if (function != null) {
            function.signatures().forEach(line -> text.add("$." + noun.name() + "." + line));
            text.add(function.meaning() + inBrackets(moves(noun, member)));
            if (OF_LEASES.containsKey(member)) {
                text.add(OF_LEASES.get(member));
            }
            text.add("Refuses: " + FUNCTION_REFUSES.getOrDefault(member, "an unknown id") + ".");
        } else if (noun.verbs().containsKey(member)) {
            text.add("$.%1$s.%2$s(id, data?): Promise<%1$s>".formatted(noun.name(), member));
            text.add(verbMeaning(noun, member));
            text.add(
                    "Refuses: an unknown id, fields that the type does not have%s."
                            .formatted(
                                    moves(noun, member).isEmpty()
                                            ? ""
                                            : ", and every other state, naming the legal verbs"));
        } else {
            text.add(
                    "$.%s.%s"
                            .formatted(
                                    noun.name(),
                                    GENERIC.getOrDefault(member, Generic.NONE)
                                            .signature()
                                            .replace("NOUN", noun.name())));
            text.add(
                    GENERIC.getOrDefault(member, Generic.NONE)
                            .meaning()
                            .replace("NOUN", noun.name()));
            text.add("Refuses: " + refuses(noun, member) + ".");
        }
        return text.add("Example: " + example(noun, member)).toString();
    }

    /// What there is to know of the calls of the loop.
    private static final Map<String, String> OF_LEASES =
            Map.of(
                    "next",
                    "n: 1 to 200, 1 without it. ttl: '1s' to '7d', '10m' without it; after that the unit goes to whoever asks next. left: units"
                            + " that can still be leased. held: leases besides these that have not run out, whose units or budget may come back:"
                            + " with no units and held 0 there is nothing to wait for. why: what it means that there are fewer than n. Each unit"
                            + " is one item under one variant: send its messages to its model with its parameters and record the lease, also"
                            + " when the model failed.",
                    "judge",
                    "Options, left, held and why as for next. A unit has messages for a model, or the output for a person; whose output it is"
                            + " is not told. Of two outputs the order is shuffled: record {winner: 'A' | 'B' | 'tie'} or the model's {answer}.",
                    "record",
                    "Of a lease: metrics are any numbers of yours by name; inputTokens, outputTokens and costUsd are what the budget goes by. A"
                            + " run that failed is {error: 'why'}, and counts as the worst score. Without a judge send score too. For example: "
                            + LEASED
                            + "; "
                            + RECORDED);

    private static final Map<String, String> FUNCTION_REFUSES =
            Map.ofEntries(
                    Map.entry(
                            "assign",
                            "an experiment that has not started, a subject that is no text of 1 to 200 characters, more than 10,000"
                                    + " subjects"),
                    Map.entry(
                            "record",
                            "an experiment that has not started or has ended, a subject that was never exposed, a value that is no"
                                    + " number, a time to come, more than 10,000 outcomes; of a lease what was given to somebody else, what"
                                    + " was recorded otherwise, an output without a score that nobody judges"),
                    Map.entry(
                            "next",
                            "an experiment without a dataset, one that has not started, is paused or has ended, and a budget that is"
                                    + " used up while nobody holds a lease"),
                    Map.entry(
                            "judge",
                            "what next refuses, and an experiment without a judge, or whose judge asks nobody"),
                    Map.entry(
                            "results",
                            "an experiment that has not started, options that there are not, and in a dry run the one look at which a"
                                    + " fixed rule decides"),
                    Map.entry(
                            "conclude",
                            "a draft, and a winner that the rule has not named unless a reason is given with it"),
                    Map.entry("certificate", "an experiment that was not concluded"),
                    Map.entry(
                            "simulate",
                            "what plan refuses, and more than 100,000 comparisons: 2 x runs x looks x treatments"),
                    Map.entry(
                            "plan",
                            "a design without a baseline or a minimumEffect, members that a design does not have"),
                    Map.entry(
                            "iterate",
                            "a draft, an experiment that has ended, and a design that could not be started"),
                    Map.entry(
                            "evaluate",
                            "an unknown key, a subject that is no text of 1 to 200 characters, attributes that are no object"),
                    Map.entry(
                            "version",
                            "an unknown id, both template and messages, a role that there is not, more than 200,000 characters"),
                    Map.entry(
                            "add",
                            "a frozen dataset, an item without input, an id that another item has, more than 10,000 items"),
                    Map.entry(
                            "import",
                            "a frozen dataset, a text that is not of the format, a column that there is not, more than 10,000 items"),
                    Map.entry(
                            "items",
                            "an unknown id, a split that there is not, a limit above 1,000"),
                    Map.entry("check", "an unknown id, a threshold that is not from 0.5 to 1"),
                    Map.entry(
                            "score",
                            "an unknown id, an output that lacks what the judge needs, an answer without a verdict, a function that fails, more than 1,000 outputs"),
                    Map.entry(
                            "prompt",
                            "a judge that asks no model, and a variable of its prompt that has no value"),
                    Map.entry(
                            "calibrate",
                            "a row without item or judge, a score that is not from 0 to 1, more than 10,000 rows"),
                    Map.entry(
                            "calibration",
                            "an unknown id, an alpha that is not from 0.0001 to 0.5"),
                    Map.entry("fit", "an unknown id of either, a split that there is not"),
                    Map.entry(
                            "render",
                            "an unknown id, and a variable that the input has no value for"));

    /// A function that every noun has.
    private record Generic(String signature, String meaning) {
        static final Generic NONE = new Generic("", "");
    }

    private static final Map<String, Generic> GENERIC =
            Map.ofEntries(
                    Map.entry(
                            "get",
                            new Generic(
                                    "get(id, options?): Promise<NOUN | null>",
                                    "Reads one by its $id or a unique field; null when there is none. Options: include, fields, asOf.")),
                    Map.entry(
                            "find",
                            new Generic(
                                    "find(filter?, options?): Promise<NOUN[]>",
                                    "Reads all that match, at most 1,000 without a limit. Filters: {field: value} or {field: {$gt: value}}. Options: sort, limit, offset, include, fields, asOf.")),
                    Map.entry(
                            "findOne",
                            new Generic(
                                    "findOne(filter?, options?): Promise<NOUN | null>",
                                    "Reads the first that matches; null when none does.")),
                    Map.entry(
                            "count",
                            new Generic("count(filter?): Promise<number>", "How many match.")),
                    Map.entry(
                            "history",
                            new Generic(
                                    "history(id): Promise<json[]>",
                                    "All that was done to it, oldest first, with versions.")),
                    Map.entry("create", new Generic("create(data): Promise<NOUN>", "Makes one.")),
                    Map.entry(
                            "createMany",
                            new Generic(
                                    "createMany([data]): Promise<NOUN[]>",
                                    "Makes several: all or none.")),
                    Map.entry(
                            "update",
                            new Generic(
                                    "update(id, data, {ifVersion, reason}?): Promise<NOUN>",
                                    "Changes the fields given: null clears one, objects are replaced whole.")),
                    Map.entry(
                            "updateMany",
                            new Generic(
                                    "updateMany([{$id, …data}]): Promise<NOUN[]>",
                                    "Changes several: all or none.")),
                    Map.entry(
                            "delete",
                            new Generic(
                                    "delete(id): Promise<boolean>",
                                    "Hides it; its history stays and rollback brings it back. False when there was none.")),
                    Map.entry(
                            "rollback",
                            new Generic(
                                    "rollback(id, version | {asOf}): Promise<NOUN>",
                                    "Makes an old state the newest version.")));

    private String refuses(Noun noun, String member) {
        return switch (member) {
            case "create", "createMany", "update", "updateMany" -> writeRefuses(noun, member);
            case "rollback" -> "an unknown id, a version that never was";
            case "history" ->
                    APART.contains(noun.name()) ? "every call: it never changes" : "an unknown id";
            case "get", "find", "findOne", "count" -> "fields and operators that there are not";
            default -> "an unknown id";
        };
    }

    private static String writeRefuses(Noun noun, String member) {
        var refused = new ArrayList<String>();
        if (member.startsWith("update")) {
            refused.add("an unknown id, an ifVersion that is not the newest");
        }
        refused.add("unknown fields, values of another type");
        var required = names(noun, Field::required);
        if (!required.isEmpty()) {
            refused.add("no " + required);
        }
        var unique = names(noun, field -> field.index() == Field.Index.UNIQUE);
        if (!unique.isEmpty()) {
            refused.add("a %s that is taken".formatted(unique));
        }
        if (!noun.computed().isEmpty()) {
            refused.add(
                    "what is computed ("
                            + noun.fields().keySet().stream()
                                    .filter(noun.computed()::contains)
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        noun.lifeCycle()
                .ifPresent(cycle ->
                        refused.add("a %s that only a verb leads to".formatted(cycle.field())));
        return String.join(", ", refused);
    }

    private static String names(Noun noun, java.util.function.Predicate<Field> which) {
        return noun.fields().values().stream()
                .filter(which)
                .map(Field::name)
                .collect(Collectors.joining(" or "));
    }

    /// Such as `start(id): Draft -> Started; startAt = now`.
    private static String verbLine(Noun noun, String verb) {
        var moves = moves(noun, verb);
        return verb
                + "(id)"
                + (moves.isEmpty() ? "" : ": " + moves)
                + Examples.effects(noun, verb).map(effects -> "; " + effects).orElse("");
    }

    private static String inBrackets(String moves) {
        return moves.isEmpty() ? "" : " (" + moves + ")";
    }

    private String verbMeaning(Noun noun, String verb) {
        var moves = moves(noun, verb);
        var meaning =
                moves.isEmpty()
                        ? "Happens in every state and is logged as %s."
                                .formatted(Quoted.of(noun.requireVerb(verb).past()))
                        : "Moves %s; what is there already stays as it is.".formatted(moves);
        return meaning
                + " Fields in data are changed along with it"
                + Examples.effects(noun, verb)
                        .map(effects -> "; it also sets " + effects + ".")
                        .orElse(".");
    }

    /// Such as `Draft -> Started`; empty for a verb that moves nothing.
    private static String moves(Noun noun, String verb) {
        return noun.lifeCycle()
                .map(cycle -> moves(cycle, verb))
                .orElseGet(() ->
                        noun.verbs().containsKey(verb)
                                ? noun.impliedState(noun.requireVerb(verb))
                                        .map(field ->
                                                "any %s -> %s"
                                                        .formatted(
                                                                field.name(),
                                                                noun.requireVerb(verb).past()))
                                        .orElse("")
                                : "");
    }

    private static String moves(LifeCycle cycle, String verb) {
        var byTarget = new LinkedHashMap<String, List<String>>();
        cycle.moves()
                .getOrDefault(verb, Map.of())
                .forEach((from, to) ->
                        byTarget.computeIfAbsent(to, _ -> new ArrayList<>())
                                .add(from.isEmpty() ? "none" : from));
        if (byTarget.isEmpty()) {
            return "";
        }
        return byTarget.entrySet().stream()
                .map(move -> String.join("|", move.getValue()) + " -> " + move.getKey())
                .collect(Collectors.joining(", "));
    }

    private List<String> fields(Noun noun) {
        var lines = new ArrayList<String>();
        for (var field : noun.fields().values()) {
            if (!(field instanceof Field.Reverse)) {
                lines.add(
                        field.name()
                                + (field.required() ? "*" : "")
                                + (noun.computed().contains(field.name()) ? "~" : "")
                                + type(noun, field)
                                + (field.index() == Field.Index.UNIQUE ? " unique" : ""));
            }
        }
        return lines;
    }

    private static String type(Noun noun, Field field) {
        var many = field.array() ? "[]" : "";
        return switch (field) {
            case Field.Plain plain ->
                    (plain.base() == Base.STRING ? "" : " " + plain.base().word())
                            + many
                            + plain.initial().map(value -> " = " + value).orElse("");
            case Field.Choice choice ->
                    noun.lifeCycle()
                                    .filter(cycle -> cycle.field().equals(choice.name()))
                                    .isPresent()
                            ? " by verbs"
                            : " " + String.join("|", choice.members()) + many;
            case Field.Reference reference -> " id of " + reference.target() + many;
            case Field.Reverse _ -> "";
        };
    }

    /// The calls of every type that this one has.
    private static String writers(Noun noun) {
        return members(noun).stream()
                .filter(GENERIC::containsKey)
                .collect(Collectors.joining(", "));
    }

    private static String firstVerb(Noun noun) {
        return noun.verbs().firstEntry().getKey();
    }

    private String example(Noun noun, String member) {
        var name = noun.name();
        return switch (member) {
            case "create" -> "await $.%s.create(%s)".formatted(name, data(noun));
            case "createMany" -> "await $.%s.createMany([%s])".formatted(name, data(noun));
            case "find", "findOne", "count" ->
                    "await $.%s.%s({%s})".formatted(name, member, condition(noun));
            default -> make(noun, member);
        };
    }

    private static String condition(Noun noun) {
        for (var field : noun.fields().values()) {
            if (field instanceof Field.Choice choice) {
                return "%s: '%s'".formatted(choice.name(), choice.members().getFirst());
            }
        }
        return "";
    }

    private String data(Noun noun) {
        return DESIGNS.getOrDefault(noun.name(), examples.data(noun));
    }

    /// Makes an object, takes it to where a call starts, and calls it.
    private String make(Noun noun, String member) {
        var code = new StringJoiner("; ");
        if (noun.name().equals(RUN)) {
            code.add("const {$id: leased} = await $." + OVER_A_DATASET);
            code.add("await $.Experiment.start(leased)");
            code.add("await $.Experiment.next(leased)");
        }
        code.add("const {$id: id} = await $.%s".formatted(first(noun, member)));
        for (var step : steps(noun, member)) {
            code.add("await $.%s.%s".formatted(noun.name(), step));
        }
        if (isFunction(noun, member) && LEASING.contains(member)) {
            code.add(LEASED).add(RECORDED);
        } else if (!member.isEmpty()) {
            code.add("await $.%s.%s".formatted(noun.name(), call(noun, member)));
        }
        if (isFunction(noun, member) && member.equals("judge")) {
            code.add(
                    "for (const {lease} of (await $.Experiment.judge(id, {n: 10})).units) await $.Experiment.record(lease, {answer: 'Score: 0.8'})");
        }
        return code.toString();
    }

    /// The call that gives an object to begin with.
    private String first(Noun noun, String member) {
        if (isFunction(noun, member) && LEASING.contains(member)) {
            return OVER_A_DATASET;
        }
        if (!noun.disabled().contains("create")) {
            return "%s.create(%s)".formatted(noun.name(), data(noun));
        }
        return noun.name().equals("Hook")
                ? "Experiment.started(experiment => console.log(experiment.name))"
                : noun.name() + ".findOne()";
    }

    private List<String> steps(Noun noun, String member) {
        return switch (isFunction(noun, member) ? member : "") {
            case "assign", "results", "iterate", "next", "judge" -> List.of("start(id)");
            case "record" -> List.of("start(id)", "assign(id, 'ada')");
            case "certificate" -> List.of("start(id)", "conclude(id)");
            default -> examples.steps(noun, member);
        };
    }

    private String call(Noun noun, String member) {
        return switch (isFunction(noun, member) || GENERIC.containsKey(member) ? member : "") {
            case "version" -> "version(id, {template: 'Answer in one sentence: {{question}}'})";
            case "render" -> "render(id, {question: 'Where is my parcel?'})";
            case "diff" -> "diff(id, id)";
            case "fit" ->
                    "fit(id, (await $.Dataset.create({name: 'Questions', items: [{input: {question: 'Who?'}}]})).$id)";
            case "score" -> "score(id, {answer: 'Friendly and right. Score: 0.8'})";
            case "prompt" -> "prompt(id, {output: 'Your parcel arrives today.'})";
            case "calibrate" -> "calibrate(id, [{item: 'q1', judge: 0.8, human: 1}])";
            case "add" -> "add(id, [{input: {question: 'What is 17 + 5?'}, expected: '22'}])";
            case "import" ->
                    "import(id, {format: 'csv', text: 'question,expected\\nWho wrote Emma?,Austen', input: 'question'})";
            case "assign" -> "assign(id, ['ada', 'bob'])";
            case "record" -> "record(id, {subject: 'ada', metric: 'bought', value: 1})";
            case "simulate" -> "simulate(id, {baseline: 0.1, effect: 0.02, runs: 100})";
            case "plan" -> "plan(id, {baseline: 0.1, minimumEffect: {relative: 0.1}, perDay: 500})";
            case "evaluate" -> "evaluate(id, 'ada', {plan: 'pro'})";
            case "iterate" ->
                    "iterate(id, {primaryMetric: 'paid'}, {reason: 'Carts were counted too'})";
            case "update" -> "update(id, {%s})".formatted(change(noun));
            case "updateMany" -> "updateMany([{$id: id, %s}])".formatted(change(noun));
            case "rollback" -> "rollback(id, 1)";
            case "history" -> APART.contains(noun.name()) ? "get(id)" : "history(id)";
            default -> member + "(id)";
        };
    }

    private String change(Noun noun) {
        var data = data(noun);
        return data.substring(1, data.length() - 1).replaceAll(",.*", "");
    }

    // ---- functions that are no verbs

    /// One function as it is declared.
    ///
    /// @param meanings what it does, one for each of the signatures that has a meaning of its own
    private record Function(List<String> meanings, List<String> signatures) {
        String meaning() {
            return String.join(" ", meanings);
        }
    }

    private static Map<String, Function> functions(Noun noun) {
        return declared(Functions.signatures().getOrDefault(noun.name(), List.of()));
    }

    private static Map<String, Function> dollar() {
        var functions = declared(Functions.signatures().getOrDefault("", List.of()));
        functions.put(
                Functions.FORGET,
                new Function(
                        List.of(
                                "Erases a subject for good: its exposures and events, and the text of runs that name it. Results"
                                        + " follow; the log keeps a fingerprint."),
                        List.of(
                                Functions.FORGET
                                        + "(subject: string): Promise<{ subject: string; events: number; runs: number }>")));
        return functions;
    }

    private static boolean isFunction(Noun noun, String name) {
        return functions(noun).containsKey(name);
    }

    /// Reads lines of a TypeScript declaration: what a function does, then its signatures.
    private static Map<String, Function> declared(List<String> lines) {
        var functions = new LinkedHashMap<String, Function>();
        var meaning = "";
        for (var line : lines) {
            if (line.startsWith("/**")) {
                meaning = line.substring(3, line.length() - 2).strip();
            } else if (line.contains("(")) {
                var name = line.substring(0, line.indexOf('('));
                var function =
                        functions.computeIfAbsent(
                                name, _ -> new Function(new ArrayList<>(), new ArrayList<>()));
                function.signatures().add(line);
                if (!function.meanings().contains(meaning)) {
                    function.meanings().add(meaning);
                }
            }
        }
        return functions;
    }

    /// The name and the parameters, without their types.
    private static String brief(Function function) {
        var line = function.signatures().getFirst();
        var parameters = line.substring(line.indexOf('(') + 1, line.indexOf("): "));
        return line.substring(0, line.indexOf('('))
                + "("
                + parameters.replaceAll(": [^,{]*(\\{[^}]*})?[^,]*", "")
                + ")";
    }

    private static List<String> members(Noun noun) {
        return Functions.members(noun);
    }

    /// Everything that can be described, as `Experiment.start` or `search`.
    private List<String> calls() {
        var calls = new ArrayList<>(dollar().keySet());
        nouns.all()
                .forEach(noun ->
                        members(noun).forEach(member -> calls.add(noun.name() + "." + member)));
        return calls;
    }

    // ---- lengths

    /// As many of the parts as fit, and where the rest is.
    private static String fitting(
            String title, List<String> parts, String between, int longest, String rest) {
        var text = new StringBuilder(title);
        for (var i = 0; i < parts.size(); i++) {
            var more = "%sand %d more, see %s".formatted(between, parts.size() - i, rest);
            var separator = i == 0 && !between.equals("\n") ? " " : between;
            if (text.length() + separator.length() + parts.get(i).length() + more.length()
                    > longest) {
                return text.append(more).toString();
            }
            text.append(separator).append(parts.get(i));
        }
        return text.toString();
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST - END ? text : text.substring(0, LONGEST - END - 1) + "…";
    }
}
