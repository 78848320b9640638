package assay.tools;

import assay.domain.JsonTree;
import assay.domain.noun.Conjugation;
import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.noun.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/// What `$` holds: for the sandbox that builds it, and for the declaration that scripts are written
/// against.
final class Functions {
    static final List<String> READERS = List.of("get", "find", "findOne", "count", "history");
    static final List<String> DOLLAR =
            List.of("search", "fetch", "history", "status", "help", "describe");

    /// No noun: nothing is kept under this name.
    static final String SUBJECT = "Subject";

    static final String FORGET = SUBJECT + ".forget";
    private static final Map<String, List<String>> OF_NOUNS =
            Map.of(
                    "Experiment",
                            List.of(
                                    "assign",
                                    "record",
                                    "next",
                                    "judge",
                                    "results",
                                    "plan",
                                    "simulate",
                                    "certificate"),
                    "FeatureFlag", List.of("evaluate"),
                    "Prompt", List.of("version", "render", "fit", "diff", "lineage"),
                    "Dataset", List.of("add", "import", "items", "check"),
                    "Judge", List.of("score", "prompt", "calibrate", "calibration"));

    private static final List<String> EXPERIMENT_SIGNATURES =
            """
            /** Gives a subject its variant and records the exposure; an array in gives an array out in the same order. */
            assign(id: id, subject: string, options?: { attributes?: json; expose?: boolean }): Promise<{ key: string | null; value: json; iteration: number; exposed: boolean; reason: string }>
            assign(id: id, subjects: (string | { subject: string; attributes?: json })[], options?: { attributes?: json; expose?: boolean }): Promise<{ key: string | null; value: json; iteration: number; exposed: boolean; reason: string }[]>
            /** Records what exposed subjects did, at most 10,000 outcomes a call; value defaults to 1, metric to the primary one. */
            record(id: id, outcome: { subject: string; metric?: string; value?: number | boolean; at?: time; eventId?: string; properties?: json } | json[]): Promise<{ recorded: number; duplicates: number; undeclared?: { metric: string; nearest?: string }[] }>
            /** Records what came of a lease: of next, {output, metrics} or {error}; of judge, {answer}, {winner} or {score}. score of an output only where no judge gives it. The same again has the same answer. */
            record(lease: string, outcome: { output?: json; score?: number | boolean; metrics?: { latencyMs?: number; inputTokens?: number; outputTokens?: number; costUsd?: number }; error?: string; answer?: string; winner?: 'A' | 'B' | 'tie'; worker?: string }): Promise<{ unit: id; item: string; repetition: number; status: string; score?: number; pass?: boolean; why?: string }>
            /** Leases units over a dataset: messages for the model, to be recorded within ttl. */
            next(id: id, options?: { n?: number; worker?: string; ttl?: string }): Promise<{ units: { lease: string; item: { id: string; input: json; expected?: json }; variant: string; repetition: number; messages: json[]; model?: string; parameters?: json; expiresAt: time }[]; left: number; held: number; why: string }>
            /** Leases outputs that a model or a person is to judge. */
            judge(id: id, options?: { n?: number; worker?: string; ttl?: string }): Promise<{ units: { lease: string; item: { id: string; input: json; expected?: json }; repetition: number; messages?: json[]; model?: string; parameters?: json; output?: json; expiresAt: time }[]; left: number; held: number; why: string }>
            /** A look: it is logged, and its numbers hold however often you look. By a declared attribute, by another methodology, by time since the exposure, with the looks so far, or as a text. */
            results(id: id, options?: { iteration?: number; slice?: string; methodology?: 'sequential' | 'fixed' | 'groupSequential' | 'bayesian'; trend?: boolean; looks?: boolean; format?: 'json' | 'markdown' | 'text' }): Promise<{ verdict: 'ship' | 'rollback' | 'keep_running' | 'futile' | 'invalid'; why: string; next: { why: string; code: string }[]; winner: string | null; confidence: number; validity: json; primary: json; unitsToDecision?: number; rule: json; text: string }>
            /** Units and days that a decision takes, and of an experiment what was alreadyTried. A design: {baseline: rate | {mean, sd}, minimumEffect, perDay, days, arms}. */
            plan(design: json): Promise<{ feasible?: boolean; why: string; next: { why: string; code: string }[]; plannedSample?: number; alwaysValid: { perArm?: number; total?: number; days?: number; meanTotal?: number; looks?: number }; fixed: { perArm?: number; total?: number; days?: number }; detectable?: json; curve?: json[]; assumes: json; text: string }>
            plan(id: id, more?: { baseline?: json; minimumEffect?: json; perDay?: number; days?: number; power?: number; alpha?: number }): Promise<json>
            /** Runs it many times with made-up units: how often it ships, wrongly too, and how soon. */
            simulate(design: json | id, options?: { runs?: number; looks?: number; seed?: number; effect?: json; sample?: number }): Promise<{ runs: number; looks: number; sample: number; seed: number; withEffect?: json; withoutEffect: json; precision: number; assumes: json; text: string }>
            /** Ends the experiment. Names the winner if the rule has fired; another winner needs a reason. */
            conclude(id: id, data?: { winner?: string; reason?: string }): Promise<Experiment>
            /** What a conclusion rests on; assay verify FILE draws it again from the events. */
            certificate(id: id): Promise<json>
            /** Ends the running iteration and begins the next one with a changed design; the results so far are kept. reshuffle: false draws by the same hash. */
            iterate(id: id, changes?: patch<newExperiment>, options?: { reason?: string; reshuffle?: boolean }): Promise<Experiment>\
            """
                    .lines()
                    .toList();

    private static final List<String> FLAG_SIGNATURES =
            """
            /** What the flag is for a subject: by its state, its targeting rules, its experiment or the experiment's winner, its rollout. Writes nothing, unless expose is true. */
            evaluate(key: id, subject: string, attributes?: json, options?: { expose?: boolean }): Promise<{ key: string; value: json; variant: string | null; reason: string; experiment?: id<'Experiment'> }>\
            """
                    .lines()
                    .toList();

    private static final List<String> PROMPT_SIGNATURES =
            """
            /** Makes the next version: this one with changes. If there is a version of just that content already, it is the answer. */
            version(id: id, changes: patch<newPrompt>): Promise<Prompt>
            /** The messages with the input in place of the variables; partial lets variables stay that have no value. */
            render(id: id, input: json, options?: { partial?: boolean }): Promise<{ prompt: id; key: string; messages: json[]; model?: string; parameters?: json; missing: string[]; unused?: string[] }>
            /** Whether the prompt can be rendered with all items of a dataset: variables without a value, members without a variable, size. */
            fit(id: id, dataset: id, options?: { split?: 'train' | 'validation' | 'test' }): Promise<{ items: number; fits: boolean; missing: json[]; unused: json[]; characters: number; tokens: number; longest?: json }>
            /** What differs between two versions, line by line. */
            diff(id: id, other: id): Promise<{ from: string; to: string; same: boolean; added: number; removed: number; text: string }>
            /** The versions that lead to this one, the first in front, each with its edit. */
            lineage(id: id): Promise<{ family: string; lineage: json[]; children: string[] }>\
            """
                    .lines()
                    .toList();

    private static final List<String> DATASET_SIGNATURES =
            """
            /** Adds at most 10,000 items a call; those that are there already are left out. */
            add(id: id, items: { id?: string; input: json; expected?: json; attributes?: json; split?: 'train' | 'validation' | 'test' }[]): Promise<{ added: number; known: number; size: number; splits: json; hash: string }>
            /** Adds the items of a text; input names the column or columns that become variables. */
            import(id: id, options: { format: 'csv' | 'jsonl'; text: string; input?: string | string[]; expected?: string; id?: string; split?: string }): Promise<{ added: number; known: number; size: number; splits: json; hash: string }>
            /** One page of the items in the order in which they were added. */
            items(id: id, options?: { split?: 'train' | 'validation' | 'test'; limit?: number; cursor?: string }): Promise<{ items: json[]; total: number; withheld?: string; cursor?: string }>
            /** Inputs that are the same or nearly so: duplicates within a split, contamination across splits. */
            check(id: id, options?: { threshold?: number; limit?: number }): Promise<{ checked: number; complete: boolean; duplicates: json[]; contamination: json[]; totals: json }>\
            """
                    .lines()
                    .toList();

    private static final List<String> JUDGE_SIGNATURES =
            """
            /** Scores one output or an array of them; of models and people it reads what they said. */
            score(id: id, what: { output?: json; expected?: json; input?: json; answer?: string; label?: number | boolean; item?: string; outputs?: json } | json[]): Promise<{ score: number; pass: boolean; why: string; winner?: string; position?: 'first' | 'second'; shown?: string[] } | json[]>
            /** The messages for the model of a judge; two outputs stand in an order shuffled by the item. */
            prompt(id: id, what: { output?: json; expected?: json; input?: json; item?: string; outputs?: json }): Promise<{ messages: json[]; model?: string; parameters?: json; shown?: string[] }>
            /** Keeps scores of the judge beside labels of people, at most 10,000 rows a call. */
            calibrate(id: id, rows: { item: string; judge: number; again?: number; human?: number; position?: 'first' | 'second'; length?: number }[]): Promise<{ kept: number; total: number }>
            /** How far the judge can be trusted: agreement, leanings to a position and to length, its mean corrected by the labels. */
            calibration(id: id, options?: { alpha?: number; judged?: number; passed?: number }): Promise<{ rows: number; labelled: number; selfAgreement?: json; agreement?: json; position?: json; length?: json; corrected?: json; rate?: json; advice: string[]; text: string }>\
            """
                    .lines()
                    .toList();

    private static final List<String> DOLLAR_SIGNATURES =
            """
            /** Finds objects, as the tool search does. */
            search(request: { query?: string; type?: string; filter?: json } & options): Promise<{ results: json[]; total: number; hasMore: boolean; cursor?: string }>
            /** Reads one object, a history, a schema or the status, as the tool fetch does. */
            fetch(request: { id?: id; type?: string; include?: string[]; fields?: string[]; asOf?: time }): Promise<json>
            /** All that was done to an object, oldest first. */
            history(id: id): Promise<json[]>
            /** What there is, by type, and the experiments by status. */
            status(): Promise<json>
            /** What $ holds; of one type its fields, verbs and states. */
            help(type?: string): Promise<string>
            /** One call: its signature, what it does, what it refuses, an example. */
            describe(call: string): Promise<string>
            /** Whoever is measured. */
            Subject: subjectApi\
            """
                    .lines()
                    .toList();

    private Functions() {}

    /// `$` as [assay.scripting.Script] wants it told.
    static String api(Nouns nouns) {
        var api = JsonNodeFactory.instance.objectNode();
        for (var noun : nouns.all()) {
            var members = api.putArray(noun.name());
            members(noun).forEach(members::add);
            noun.disabled().forEach(verb -> members.add(verb + ":null"));
            registrations(noun).forEach(members::add);
        }
        api.putArray(SUBJECT).add("forget");
        var dollar = api.putArray("");
        DOLLAR.forEach(dollar::add);
        return JsonTree.text(api);
    }

    /// `$` for a file of hooks, which can register and do nothing else.
    static String registrationsOnly(Nouns nouns) {
        var api = JsonNodeFactory.instance.objectNode();
        for (var noun : nouns.all()) {
            if (noun.isHookable()) {
                registrations(noun).forEach(api.putArray(noun.name())::add);
            }
        }
        return JsonTree.text(api);
    }

    /// The members that take a function, in every spelling. They come after the verbs, because one
    /// may be both.
    private static List<String> registrations(Noun noun) {
        if (!noun.isHookable()) {
            return List.of();
        }
        var members = new ArrayList<>(List.of("before:hook", "after:hook"));
        for (var verb : List.of(Verb.CREATE, Verb.UPDATE, Verb.DELETE)) {
            if (noun.disabled().contains(verb.name())) {
                members.add(verb.activity() + ":null");
                members.add(verb.event() + ":null");
            }
        }
        for (var verb : noun.everyVerb()) {
            for (var name : List.of(verb.activity(), verb.event())) {
                members.add(name + ":hook");
                Conjugation.aliases(name).forEach(alias -> members.add(alias + ":hook"));
            }
        }
        return members;
    }

    /// What can be called on a noun.
    static List<String> members(Noun noun) {
        var members = new ArrayList<>(READERS);
        Stream.of("create", "update", "delete")
                .filter(verb -> !noun.disabled().contains(verb))
                .forEach(members::add);
        if (!noun.disabled().contains("create")) {
            members.add("createMany");
        }
        if (!noun.disabled().contains("update")) {
            members.addAll(List.of("updateMany", "rollback"));
        }
        members.addAll(noun.verbs().keySet());
        members.addAll(ofNoun(noun));
        return members;
    }

    /// The engine's functions of a noun, which are no verbs.
    static List<String> ofNoun(Noun noun) {
        return OF_NOUNS.getOrDefault(noun.name(), List.of());
    }

    /// Lines of the declaration for functions that are no verbs of a noun.
    static Map<String, List<String>> signatures() {
        return Map.of(
                "Experiment", EXPERIMENT_SIGNATURES,
                "FeatureFlag", FLAG_SIGNATURES,
                "Prompt", PROMPT_SIGNATURES,
                "Dataset", DATASET_SIGNATURES,
                "Judge", JUDGE_SIGNATURES,
                "", DOLLAR_SIGNATURES);
    }
}
