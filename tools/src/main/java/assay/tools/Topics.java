package assay.tools;

import java.util.Map;
import java.util.Optional;

/// What `$.help` tells of words that are neither a type nor a call, and that results, rules and
/// experiments over a dataset are full of.
final class Topics {
    /// An experiment with two variants over one item, for the examples.
    private static final String OVER_A_DATASET =
            "const {$id: dataset} = await $.Dataset.create({name: 'Sums', items: [{input: {a: 1}, expected: '2'}]}); "
                    + "const {$id: judge} = await $.Judge.create({name: 'Right', kind: 'exact'}); "
                    + "const {$id: id} = await $.Experiment.create({name: 'Politeness', dataset, judge, primaryMetric: 'right', "
                    + "metrics: [{name: 'right', type: 'proportion'}], variants: [{key: 'control', prompt: {template: '{{a}} + 1?'}}, "
                    + "{key: 'kind', prompt: {template: 'Please: {{a}} + 1?'}}]%s}); await $.Experiment.start(id); ";

    private static final Map<String, String> TEXTS =
            Map.of(
                    "lease",
                    told(
                            """
                            lease. A unit of work (an item under a variant, one repetition) that is yours for a time. next(id) leases units to run, \
                            judge(id) outputs to judge; record(lease, …) takes in what came of it, once however often it is sent.
                            A lease that runs out goes to whoever asks next, and a late record counts until then. Several workers and \
                            conversations may lease side by side; after an interruption call next again. No units and held 0: look at results.
                            """,
                            OVER_A_DATASET.formatted("")
                                    + "const {units} = await $.Experiment.next(id, {n: 20, worker: 'me'}); for (const {lease, messages} of units) "
                                    + "await $.Experiment.record(lease, {output: '2', metrics: {latencyMs: 840}}); return (await $.Experiment.results(id)).verdict"),
                    "budget",
                    told(
                            """
                            budget. A field of an experiment over a dataset: {units, tokens, money, perUnit: {tokens, money}}, whichever is to bound \
                            it. A lease reserves perUnit, or else the max_tokens of its prompt and a quarter of its characters; it is granted \
                            only if that fits. A record gives back what its inputTokens, outputTokens and costUsd did not use.
                            Used up: next is refused with budget_exhausted once nobody holds a lease. Then conclude, or raise it with update; it \
                            cannot be made less than what is used up and reserved.
                            """,
                            OVER_A_DATASET.formatted(", budget: {units: 1}")
                                    + "await $.Experiment.next(id, {n: 10}); return (await $.Experiment.update(id, {budget: {units: 2}})).budget"),
                    "elimination",
                    told(
                            """
                            elimination. allocation: 'elimination' of an experiment over a dataset with many variants: one that is shown to be worse than \
                            another is run no more. dropped says which and why; the best one is ever dropped with chance at most alpha. The one \
                            that is left is shipped; rule.minimumEffect lets practically equal ones end it earlier, rule.prefer: 'cheaper' takes \
                            the cheapest of them. If it ends undecided after the control was dropped, the best that is left wins.
                            """,
                            OVER_A_DATASET.formatted(", allocation: 'elimination'")
                                    + "return (await $.Experiment.results(id)).rule.text"),
                    "prospect",
                    told(
                            """
                            prospect. A part of $.Experiment.results(id) while an experiment over a dataset is undecided and has a difference to go \
                            by: {means, unitsLeft, oneMoreUnit: {halfWidth, chanceOfDecision}, allThatAreLeft: {halfWidth, chanceOfDecision}}. How wide \
                            the interval of the leading comparison would be after one more unit and after all that dataset and budget have left, and \
                            how likely a decision, if items go on like those so far.
                            It is a projection, no claim, and the rule does not go by it. A small chance for all that are left: raise the budget, \
                            add variants with a larger effect, or conclude.
                            """,
                            OVER_A_DATASET.formatted("")
                                    + "return (await $.Experiment.results(id)).prospect ?? 'nothing to go by yet'"),
                    "programme",
                    told(
                            """
                            programme. rule: {programme: {name, q}} makes an experiment one of a series that shares one false discovery rate: of the \
                            discoveries of the whole series an expected share of at most q is false (e-LOND). Each start takes the next place and gets its \
                            alpha by that and by what was discovered before; so leave rule.alpha out, and give every experiment of the series the same q.
                            results(id).programme is the ledger: {name, q, experiments, discoveries, nextAlpha, means, ledger: [{experiment, \
                            iteration, index, alpha, status, discovery}]}. A discovery is a conclusion whose rule had fired.
                            """,
                            "const {$id: id} = await $.Experiment.create({name: 'Shorter reply', primaryMetric: 'bought', variants: ['control', 'treatment'], "
                                    + "rule: {programme: {name: 'replies', q: 0.1}}}); await $.Experiment.start(id); return (await $.Experiment.results(id)).programme"),
                    "brief",
                    told(
                            """
                            brief. A member of fetch {id} of an experiment: in under 300 tokens its state, the verdict of its last look, what is \
                            recorded, leased and left, what it compares, and what to call next as code. To read it is no look. Whoever takes an \
                            experiment up reads it first.
                            """,
                            OVER_A_DATASET.formatted("")
                                    + "return (await $.fetch({id, fields: ['brief']})).brief"));

    private Topics() {}

    private static String told(String text, String example) {
        return text + "Example: " + example;
    }

    /// What there is to tell of a word, with an example as its last line.
    static Optional<String> of(String word) {
        return Optional.ofNullable(TEXTS.get(word));
    }

    /// The words.
    static Iterable<String> words() {
        return TEXTS.keySet();
    }
}
