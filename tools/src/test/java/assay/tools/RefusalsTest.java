package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.store.FullDisk;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// docs/refusals.md is what the tools really answer. Run with `-Dassay.golden=write` to write it
/// anew after a change of wording, and read the difference.
@DisplayNameGeneration(ReplaceUnderscores.class)
class RefusalsTest {
    /// The usual limits, on a machine however busy.
    private static final Limits PATIENT =
            new Limits(
                    Duration.ofMinutes(1),
                    Limits.DEFAULT.statements(),
                    Limits.DEFAULT.allocatedBytes(),
                    Limits.DEFAULT.hostCalls(),
                    Limits.DEFAULT.logCharacters(),
                    Limits.DEFAULT.resultCharacters());

    private static final Path DOCUMENT = Path.of("../docs/refusals.md");

    /// Reasons of a closed list that nothing can answer with yet.
    private static final List<Reason> LATER = List.of(Reason.UNAUTHORIZED);

    /// Reasons that the transports answer with, and no tool.
    private static final List<Reason> ELSEWHERE = List.of(Reason.RATE_LIMITED);

    /// How a repair says that the fix is the whole script.
    private static final String IN_PLACE = "Send fix in place of the script.";

    private static final long MANY = 1L << 50;

    private static final String WORLD =
            """
            const variants = ['control', 'treatment']
            const [draft, running, concluded] = await $.Experiment.createMany(
              ['draft', 'running', 'concluded'].map(
                slug => ({ name: slug, slug, primaryMetric: 'bought', variants })))
            await $.Experiment.create({ name: 'empty', slug: 'empty', primaryMetric: 'bought' })
            await $.Experiment.create({ name: 'aimless', slug: 'aimless', variants })
            await $.Experiment.start('running')
            await $.Experiment.assign('running', ['ada', 'bob'])
            await $.Experiment.start('concluded')
            await $.Experiment.conclude('concluded')
            await $.Experiment.create({ name: 'late', slug: 'late', primaryMetric: 'bought', variants, endAt: '2026-11-20T09:00:00Z' })
            await $.Experiment.create({ name: 'waiting', slug: 'waiting', primaryMetric: 'bought', variants, startAt: '2999-01-01T00:00:00Z' })
            await $.Experiment.start('waiting')
            await $.Goal.creating(goal => { if (!goal.description) throw new Error('A goal says what it is for') })
            await $.Segment.creating(async (segment, $) => { await $.Segment.created(() => {}) })
            await $.Workflow.creating(workflow => workflow.owner.name)
            await $.Funnel.creating(() => {})
            await $.Prompt.create({ name: 'Greeting', template: 'Greet {{name}} in {{language}}' })
            await $.Dataset.createMany(
              ['guests', 'frozen'].map(
                slug => ({ name: slug, slug, items: [{ id: 'ada', input: { name: 'Ada' } }] })))
            await $.Dataset.freeze('frozen')
            await $.Judge.createMany([
              { name: 'Same', slug: 'same', kind: 'exact' },
              { name: 'Stars', slug: 'stars', kind: 'model', template: 'Rate: {{output}}', scale: { min: 1, max: 5 } },
              { name: 'Short', slug: 'short', kind: 'script', source: '({ output }) => output.length.foo.bar' }])
            await $.Judge.calibrate('same', [{ item: 'q1', judge: 1, human: 1 }])
            await $.Dataset.create({ name: 'Quiz', slug: 'quiz', items: [
              { id: 'q1', input: { question: '1 + 1' } }, { id: 'q2', input: { question: '2 + 2' }, split: 'test' }] })
            const leased = (slug, more) => ({
              name: slug, slug, dataset: 'quiz', primaryMetric: 'right', ...more,
              variants: more.variants ?? [
                { key: 'control', prompt: { template: '{{question}}' } },
                { key: 'kind', prompt: { template: 'Please: {{question}}' } }] })
            await $.Experiment.createMany([
              leased('unleased', {}), leased('leasing', {}), leased('judged', { judge: 'same' }),
              leased('spent', { budget: { units: 1 } }), leased('costly', { budget: { money: 5 } }),
              leased('exam', { split: 'test' }), leased('resit', { split: 'test' }),
              leased('unfit', { variants: [{ key: 'control', prompt: 'greeting' }, { key: 'kind', prompt: 'greeting' }] })])
            for (const slug of ['leasing', 'judged', 'spent', 'exam']) await $.Experiment.start(slug)
            const { units } = await $.Experiment.next('spent')
            await $.Experiment.record(units[0].lease, { score: 1 })
            """;

    /// Refused calls as `tool arguments`; a call of `do` is shown as its script.
    private static final List<String> CALLS =
            """
            serach {}
            search {"type": "Experimnt"}
            search {"limitt": 3}
            search {"filter": {"stauts": "Running"}}
            search {"filter": {"trafficAllocation": {"$greater": 5}}}
            search {"filter": {"status": "runing"}}
            search {"filter": {"startAt": {"$gt": "yesterday evening"}}}
            search {"limit": 500}
            search {"cursor": "bm90IG91cnM"}
            search {"include": ["ownr"]}
            search {"sort": "variants"}
            fetch {}
            fetch {"id": "experiment_nobody00"}
            fetch {"id": "no-such-slug"}
            fetch {"type": "Metric", "id": "no-such-metric"}
            fetch {"type": "History", "id": "experiment_nobody00"}
            fetch {"type": "Run", "id": "run_nobody"}
            do {}
            do {"script": "1", "dryRun": "yes"}
            do {"script": "1", "idempotencyKey": ""}
            do {"script": "1", "idempotencyKey": "used"}
            do $.Experimet.create({ name: 'A' })
            do await $.Experiment.begin('draft')
            do $('draft')
            do await $.Experiment('draft')
            do await $.Experiment.create({ nam: 'A' })
            do await $.Experiment.create({ hypothesis: 'It sells' })
            do await $.Experiment.create({ name: 'A', type: 'ABtest' })
            do await $.Experiment.create({ name: 'A', trafficAllocation: '50' })
            do await $.Experiment.create({ name: 'A', trafficAllocation: 140 })
            do await $.Experiment.create({ name: 'A', slug: 'draft' })
            do await $.Experiment.create({ name: 'A', owner: 'contact_nobody00' })
            do await $.Experiment.create({ name: 'A', status: 'Running' })
            do await $.Experiment.create({ name: 'A', metric: 'x', primaryMetric: 'y' })
            do await $.Experiment.create({ name: 'A', variants: [{ key: 'a', splitPercentage: 50 }, { key: 'b', splitPercentage: 30 }] })
            do await $.Experiment.create({ name: 'A', variants: ['a', 'a'] })
            do await $.Experiment.create({ name: 'A', variants: [{ key: 'a', promt: 'Hello' }, 'b'] })
            do await $.Experiment.create({ name: 'A', variants: [{ key: 'a', percentage: 90 }, { key: 'b', percentage: 10 }] })
            do await $.Experiment.create({ name: 'A', variants: [{ key: 'a', value: 1, color: 'red' }, 'b'] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'x', role: 'primary' }, { name: 'y', role: 'primary' }] })
            do await $.Experiment.update('draft', { audience: { field: 'plan', operater: 'eq', value: 'pro' } })
            do await $.Experiment.update('draft', { audience: { logicOperator: 'OR', rules: [{ plan: 'pro' }] } })
            do await $.Experiment.update('draft', { audience: { al: [{ plan: 'pro' }] } })
            do await $.Experiment.start('draft', { variants: [{ key: 'a', weight: 0 }, { key: 'b', weight: 1 }, { key: 'c', weight: 1 }] })
            do await $.Experiment.start('draft', { endAt: '2020-01-01T00:00:00Z' })
            do await $.Experiment.start('draft', { allocation: { policy: 'thompson', floor: 0.5 } })
            do await $.Experiment.start('draft', { allocation: 'thompson', rule: { methodology: 'fixed', plannedSample: 1000 } })
            do await $.Experiment.start('draft', { allocation: 'thompson', rule: { cuped: true } })
            do await $.Experiment.start('draft', { allocation: 'thompson', metrics: [{ name: 'bought', level: 0.5 }] })
            do await $.Experiment.start('draft', { rule: { programme: { name: 'p' }, methodology: 'fixed', plannedSample: 1000 } })
            do await $.Experiment.start('draft', { rule: { programme: { name: 'p' }, preset: 'doNoHarm' } })
            do await $.Experiment.start('draft', { rule: { programme: { name: 'p' }, correction: 'none' }, variants: ['a', 'b', 'c'] })
            do await $.Experiment.iterate('running', { primaryMetric: 'x' }, { resaon: 'x' })
            do await $.Experiment.assign('running', [{ subjct: 'ada' }])
            do await $.Experiment.create({ name: 'A', variants: 'a and b' })
            do await $.Experiment.create({ name: 'A', rule: { alpha: 5 } })
            do await $.Experiment.create({ name: 'A', rule: { methodology: 'fixed' } })
            do await $.Experiment.create({ name: 'A', rule: { methodology: 'sequental' } })
            do await $.Experiment.create({ name: 'A', rule: 'be careful' })
            do await $.Experiment.create({ name: 'A', rule: 'clearSignal' })
            do await $.Experiment.create({ name: 'A', rule: { preset: 'doNoHram' } })
            do await $.Experiment.create({ name: 'A', rule: { minimumEfect: 0.1 } })
            do await $.Experiment.create({ name: 'A', rule: { looks: 4 } })
            do await $.Experiment.create({ name: 'A', rule: { methodology: 'groupSequential', plannedSample: 900, looks: [0.5, 0.8] } })
            do await $.Experiment.create({ name: 'A', rule: { cuped: '14d' } })
            do await $.Experiment.create({ name: 'A', rule: { bayesian: { chanceToWin: 95 } } })
            do await $.Experiment.create({ name: 'A', rule: { ship: { primary: 'betterr' } } })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'errors', direction: 'sideways' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'errors', dierction: 'decrease' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'errors', type: 'proportions' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'errors', role: 'guard' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'errors', margin: -1 }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'value', numerator: 'revenue' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'way', type: 'funnel', steps: ['visit'] }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'slow', type: 'quantile' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'back', type: 'retention' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'back', type: 'retention', from: 14, to: 7 }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'revenue', window: 7 }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'revenue', cap: 0 }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'signup', type: 'proportion', cap: 1 }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'revenue', filter: 'pro' }] })
            do await $.Experiment.create({ name: 'A', metrics: [{ name: 'revenue', filter: { plan: { $is: 'pro' } } }] })
            do await $.Experiment.update('draft', { metrics: [{ name: 'bought', role: 'guardrail' }] }); await $.Experiment.start('draft')
            do await $.Experiment.update('draft', { rule: 'nonInferiority' }); await $.Experiment.start('draft')
            do await $.Experiment.start('draft', { guardrails: ['bought'] })
            do await $.Experiment.start('draft', { rule: { maxSample: 150 } })
            do await $.Experiment.start('draft', { rule: { methodology: 'fixed', plannedSample: 900, maxSample: 500 } })
            do await $.Experiment.results('running', { slise: 'country' })
            do await $.Experiment.results('running', { slice: 'country' })
            do await $.Experiment.results('running', { format: 'html' })
            do await $.Experiment.results('running', 'markdown')
            do {"script": "const { $id } = await $.Experiment.create({ name: 'A', variants: ['a', 'b'], primaryMetric: 'x', rule: { methodology: 'fixed', plannedSample: 1 } }); await $.Experiment.start($id); await $.Experiment.assign($id, 'ada'); await $.Experiment.results($id)", "dryRun": true}
            do await $.Organization.create({ name: 'A', contacts: [] })
            do await $.Experiment.create({ name: 'A', confidence: 99 })
            do await $.Experiment.start()
            do await $.Experiment.start('empty')
            do await $.Experiment.start('aimless')
            do await $.Experiment.update('nobody', { name: 'B' })
            do await $.Experiment.update('draft', { name: 'B' }, { ifVersion: 7 })
            do await $.Experiment.update('draft', { status: 'Started' })
            do await $.Experiment.update('running', { variants: ['a', 'b', 'c'] })
            do await $.Experiment.update('running', { winner: 'treatment' })
            do await $.Experiment.find({}, { limt: 3 })
            do await $.Experiment.assign('draft', 'ada')
            do await $.Experiment.assign('running', '')
            do await $.Experiment.assign('running', Array.from({ length: 10001 }, (_, i) => 'user' + i))
            do await $.Experiment.record('draft', { subject: 'ada' })
            do await $.Experiment.record('running', { subject: 'eve' })
            do await $.Experiment.record('running', { subject: 'ada', value: 'much' })
            do await $.Experiment.record('running', { subject: 'ada', metric: 5 })
            do await $.Experiment.assign('running')
            do await $.Experiment.record('running', 'ada')
            do await $.Experiment.record('running', { subject: 'ada', at: '2030-01-01T00:00:00Z' })
            do await $.fetch('running')
            do await $.search('running')
            do await $.Experiment.record('running', { subject: 'ada', value: 0 / 0 })
            do await $.Experiment.create({ name: () => 'A' })
            do await $.Experiment.create({ name: 'A' }, () => 'A')
            do await $.Event.update('event_1', { value: 2 })
            do const sum = [1, (2
            do enum Color { Red }
            do const f = () => { await $.Experiment.find() }
            do import { readFile } from 'node:fs'
            do await $.Experiment.record('running', { subject: 'ada', value: null })
            do await $.Experiment.record('running', { subject: 'ada', at: new Date('soon') })
            do await $.Experiment.create({ name: 'A', trafficAllocation: Infinity })
            do await $.Experiment.create({ name: 'A', rule: { plannedSample: NaN } })
            do await $.Experiment.record('running', { subject: 'ada', amount: 5 })
            do await $.Experiment.record('concluded', { subject: 'ada' })
            do await $.Experiment.record('running', { corrects: 'order-9', value: 1 })
            do await $.Experiment.record('running', { corrects: 'order-9' })
            do await $.Experiment.record('running', { subject: 'ada', eventId: 'z' }); await $.Experiment.iterate('running', { primaryMetric: 'paid' }, { reason: 'r' }); await $.Experiment.record('running', { corrects: 'z', metric: 'bought', value: 1 })
            do const { $id } = await $.Experiment.create({ name: 'O', primaryMetric: 'bought', variants: ['a', 'b'] }); await $.Experiment.start($id); await $.Experiment.assign($id, 'ada'); await $.Experiment.record($id, { subject: 'ada', eventId: 'z' }); await $.Experiment.record('running', { corrects: `event_${$id}/bought/z`, value: 1 })
            do await $.Experiment.record('running', { corrects: 'order-9', value: 1, at: '2026-03-30T09:00:00Z' })
            do const e = await $.Event.findOne({ type: 'experiment.exposure' }); await $.Experiment.record('running', { corrects: e.$id, value: 1 })
            do await $.Experiment.record('running', { subject: 'ada', eventId: 'a' }); await $.Experiment.record('running', { corrects: 'a', subject: 'eve', value: 1 })
            do await $.Experiment.plan()
            do await $.Experiment.plan({ baseline: 0.1 })
            do await $.Experiment.plan({ minimumEffect: 0.01 })
            do await $.Experiment.plan({ baseline: 12, minimumEffect: 1 })
            do await $.Experiment.plan({ baseline: 0.95, minimumEffect: 0.1 })
            do await $.Experiment.plan({ baseline: 0.1, minimumEffect: '10 %' })
            do await $.Experiment.plan({ baseline: 0.1, minimumEffect: 0.01, perday: 500 })
            do await $.Experiment.plan({ baseline: 0.1, minimumEffect: 0.01, perDay: 0 })
            do await $.Experiment.plan({ baseline: 0.1, minimumEffect: 0.01, arms: 1 })
            do await $.Experiment.plan('draft', { baseline: 0.1, effect: 0.01 })
            do await $.Experiment.simulate({ baseline: 0.1, minimumEffect: 0.02 }, { runs: 0.5 })
            do await $.Experiment.simulate({ baseline: 0.1, minimumEffect: 0.02 }, { runs: 100000 })
            do await $.Experiment.simulate({ baseline: 0.1, minimumEffect: 0.02 }, { effect: 'large' })
            do await $.Experiment.simulate({ baseline: 0.1 }, { effect: { tretment: 0.1 } })
            do await $.Experiment.simulate({ baseline: 0.1, minimumEffect: 0.02, allocation: 'thompson' })
            do await $.Experiment.create({ name: 'A', plan: { trafic: 500 } })
            do await $.Experiment.record('running', { subject: 'ada', properties: 'pro' })
            do await $.Event.create({ type: 'experiment.exposure', userId: 'eve' })
            do await $.Event.create({ type: 'experiment.exposure', experiment: 'nobody', variant: 'control', userId: 'eve' })
            do await $.Event.create({ type: 'experiment.exposure', experiment: 'draft', variant: 'control', userId: 'eve' })
            do await $.Event.create({ type: 'experiment.exposure', experiment: 'running', variant: 'blue', userId: 'eve' })
            do await $.Event.create({ type: 'experiment.exposure', experiment: 'concluded', variant: 'control', userId: 'eve' })
            do await $.Event.create({ type: 'bought', userId: 'eve', timestamp: '2030-01-01T00:00:00Z' })
            do await $.Event.create({ type: 'experiment.exposure', experiment: 'running', variant: 'control', userId: 'eve', timestamp: '2030-01-01T00:00:00Z' })
            do await $.Event.create({ type: 'experiment.exposure', experiment: 'running', variant: 'control' })
            do await $.Event.create({ type: 'bought', userId: 'eve', value: 1e300 })
            do await $.Event.createMany(Array.from({ length: 10001 }, () => ({ type: 'bought', userId: 'eve' })))
            do await $.Subject.forget('')
            do await $.Experiment.certificate('running')
            do await $.Experiment.certificate('draft')
            do await $.Experiment.results('draft')
            do await $.Experiment.conclude('draft')
            do await $.Experiment.conclude('running', { winner: 'treatment' })
            do await $.Experiment.conclude('running', { winner: 'blue' })
            do await $.Experiment.conclude('running', { winner: { key: 'treatment' }, reason: 'a wish' })
            do await $.Experiment.start('late')
            do await $.Experiment.assign('waiting', 'ada')
            do await $.Experiment.stop('waiting')
            do await $.Experiment.update('running', { startAt: '2026-12-01T00:00:00Z' })
            do await $.Experiment.update('concluded', { endAt: '2026-12-01T00:00:00Z' })
            do await $.Experiment.complete('running')
            do await $.Experiment.rollback('running', 1)
            do await $.Experiment.delete('running')
            do await $.Experiment.rollback('draft', 9)
            do await $.Experiment.update('running', { rule: { alpha: 0.1 } })
            do await $.Experiment.update('running', { variants: ['control'] })
            do await $.Experiment.update('running', { variants: [{ key: 'control', value: 5 }, { key: 'treatment' }] })
            do await $.Experiment.update('concluded', { primaryMetric: 'paid' })
            do await $.Experiment.update('running', { cohorts: [] })
            do await $.Experiment.update('running', { seed: 'x' })
            do await $.Experiment.iterate('draft', { primaryMetric: 'paid' })
            do await $.Experiment.iterate('concluded', { primaryMetric: 'paid' })
            do await $.Experiment.iterate('running', { variants: ['a'] }, { reason: 'one is enough' })
            do await $.Experiment.iterate('running', {}, { reshuffle: 'no' })
            do await $.Experiment.results('running', { iteration: 2 })
            do await $.Experiment.conclude('concluded', { winner: 'treatment' })
            do await $.Experiment.assign('running', 'ada', { attributes: 'pro' })
            do await $.Experiment.assign('running', 'ada', { attribute: { plan: 'pro' } })
            do await $.Experiment.assign('running', [{ subject: 'ada', plan: 'pro' }])
            do await $.Experiment.update('draft', { overrides: { eve: 'treatmnt' } })
            do await $.Experiment.update('draft', { audience: 'everybody' })
            do await $.Experiment.update('draft', { audience: { field: 'plan', operator: 'like', value: 'pro' } })
            do await $.Experiment.update('draft', { audience: { all: [{ field: 'plan', operator: 'in', value: 'pro' }] } })
            do await $.Experiment.update('draft', { audience: { plan: { $regex: '(' } } })
            do await $.Experiment.update('draft', { layer: { name: 'cart', share: 0 } })
            do await $.Experiment.update('draft', { layer: { share: 50 } })
            do await $.Experiment.start('draft', { holdout: 'nobody' })
            do await $.Experiment.start('draft', { holdout: 'running' })
            do await $.Experiment.start('draft', { trafficAllocation: 0.001 })
            do await $.Experiment.start('draft', { variants: [{ key: 'a', weight: 1 }, { key: 'b', weight: 0 }] })
            do await $.Experiment.update('draft', { factors: { color: ['red'] } })
            do await $.Experiment.start('draft', { factors: { color: ['red', 'blue'] }, variants: ['a', 'b'] })
            do await $.Experiment.update('draft', { allocation: 'greedy' })
            do await $.Experiment.start('draft', { allocation: 'elimination' })
            do await $.Experiment.start('draft', { rule: { prefer: 'cheaper', minimumEffect: 0.02 } })
            do await $.Experiment.start('draft', { rule: { prefer: 'cheaper' } })
            do await $.Experiment.start('draft', { rule: { prefer: 'best', minimumEffect: 0.02 } })
            do await $.Experiment.start('draft', { rule: { programme: { q: 0.1 } } })
            do await $.Experiment.start('draft', { rule: { alpha: 0.05, programme: { name: 'replies', q: 0.1 } } })
            do await $.Experiment.start('draft', { metrics: [{ name: 'score', min: 0 }] })
            do await $.Experiment.start('draft', { metrics: [{ name: 'score', min: 1, max: 0 }] })
            do await $.Experiment.start('draft', { metrics: [{ name: 'worth', terms: { score: 'much' } }] })
            do await $.Experiment.start('draft', { primaryMetric: 'worth', metrics: [{ name: 'worth', terms: { score: 1, costUsd: -2 } }] })
            do const of = { dataset: (await $.Dataset.create({ name: 'Six', items: [{ input: { question: 'Who?' } }] })).$id, type: 'PromptExperiment', name: 'Six', variants: [{ key: 'a', prompt: { template: '{{question}}' } }, { key: 'b', prompt: { template: '{{question}}!' } }] };\\nawait $.Experiment.start((await $.Experiment.create({ ...of, primaryMetric: 'slow', metrics: [{ name: 'slow', level: 0.9 }] })).$id)
            do await $.Experiment.update('draft', { attributes: 7 })
            do await $.Experiment.update('draft', { startAt: '2026-12-02T00:00:00Z', endAt: '2026-12-01T00:00:00Z' })
            do await $.FeatureFlag.evaluate('nobody', 'ada')
            do await $.FeatureFlag.create({ key: 'k', name: 'K', targetingRules: [{ audience: { plan: 'pro' }, varient: 'x' }] })
            do await $.FeatureFlag.create({ key: 'k', name: 'K', targetingRules: [{ audience: { plan: 'pro' }, percentage: 500 }] })
            do await $.FeatureFlag.create({ key: 'k', name: 'K', type: 'Number', defaultValue: 'abc' })
            do await $.FeatureFlag.create({ key: 'k', name: 'K', type: 'Boolean', defaultValue: 'on' })
            do await $.FeatureFlag.create({ key: 'k', name: 'K', type: 'JSON', defaultValue: '{size: 5}' })
            do await $.FeatureFlag.create({ key: 'k', name: 'K', type: 'Number', variants: { small: 5, large: 'ten' } })
            do await $.FeatureFlag.find({ name: { $regex: '(a' } })
            do await $.Contact.update('contact_nobody00', { deals: [] })
            do const a = 1;\\nconst b = a +;
            do const e = await $.Experiment.get('draft');\\nreturn e.variants[2].key
            do function deeper() { return deeper() }; deeper()
            do await new Promise(() => {})
            do let a = 1; for (let i = 0; i < 200; i++) a = [a]; return a
            do await $.Goal.create({ name: 'A' })
            do await $.Goal.before('finish', () => {})
            do await $.Event.before('update', () => {})
            do await $.Segment.create({ name: 'A' })
            do await $.Workflow.create({ name: 'A' })
            do await $.Funnel.createMany(Array.from({ length: 201 }, () => ({ name: 'A' })))
            do {"scirpt": "1"}
            do {"script": "1", "recipe": "check-all"}
            do {"recipe": "abtest", "params": {"name": "A", "metric": "bought"}}
            do {"recipe": "weekly"}
            do {"recipe": "ab-test"}
            do {"recipe": "ab-test", "params": {"nam": "A", "metric": "bought"}, "dryRun": true}
            do {"recipe": "ab-test", "params": {"name": "A", "metric": "bought", "direction": "up"}}
            do {"recipe": "ab-test", "params": {"name": "A", "metric": "bought", "variants": ["a"]}}
            do {"recipe": "ab-test", "params": ["A", "bought"]}
            do {"recipe": "prompt-experiment", "params": {"name": "PE", "prompts": ["a", "b"]}}
            do {"recipe": "ab-test", "params": {"name": "A", "metric": "bought", "variants": "[\\"a\\", \\"b\\"]"}, "dryRun": true}
            do {"recipe": "check-all2"}
            do {"recipe": "check-all", "params": {"limit": "5"}}
            do {"recipe": "check-all", "params": {"limit": 500}}
            do {"recipe": "clone-experiment", "params": {"experiment": "nobody"}}
            do {"recipe": "clone-experiment", "params": {"experiment": "draft", "changes": {"nam": "B"}}}
            do await $.Recipe.create({ name: 'r', source: '1', params: { who: 'string' } })
            do await $.Recipe.create({ name: 'check-all', source: '1' })
            fetch {"idd": "draft"}
            do await $.help('Experimnt')
            do await $.describe('Experiment.concluded')
            do await $.experiments.find()
            do await $.Experiment.strat('draft')
            do await $.Experiment.list()
            do await $.Experiment.launch('draft')
            do $.Experiment = 1
            do await $.Experiment.update('runing', { name: 'B' })
            do await $.Experiment.find({ status: 'runing' })
            do await $.Experiment.resume('draft')
            do await $.Experiment.create({ name: 'A', startAt: 'soon' })
            do await $.Experiment.create({ name: 'A', variants: [{ key: 'a', weight: -1 }, { key: 'b' }] })
            do await $.Experiment.create({ name: 'A', results: {} })
            do throw new Error('no luck')
            do throw 'a text'
            do throw { code: 7 }
            do throw null
            do const e = await $.Experiment.get('running')\\nreturn e.results()
            do const e = await $.Experiment.get('running')\\nawait e.conclude({ reason: 'enough' })
            do const e = await $.Experiment.get('running')\\nreturn e.frobnicate()
            do return $.Experiment.find().length
            do return { all: $.Experiment.find() }
            do for (const e of $.Experiment.find()) console.log(e.name)
            do const e = $.Experiment.get('draft')\\nreturn e.name
            do return (await $.Experiment.get('nobody')).name
            do return await Experiment.find()
            do setTimeout(() => 1, 10)
            do await fetch('https://example.com')
            do return search({ query: 'draft' })
            do return experiment.name
            do const a = 1\\na = 2
            do for (const e of await $.Experiment.get('draft')) console.log(e)
            do JSON.parse('{a')
            do return { a: [1, 2 }
            do const text = 'abc
            do if (true) {
            do let a = 1; let a = 2
            do 10n ** 2n
            do import fs from 'fs'
            do const e = await $.Experiment.create({ slug: 'early', name: 'R' }); await $.Experiment.update('erly', { name: 'B' })
            do const all = await $.Experiment.find()\\nreturn all.map(x => x.start())
            do (await $.Experiment.find()).forEach(g => g.results())
            do const starter = { now(e) { return e.start() } }\\nreturn starter.now(await $.Experiment.get('draft'))
            do async () => { const e = await $.Experiment.get('running'); return e.results() }
            do $.Experiment.assigning(() => 1)
            do $.Experiment.recorded(e => 1)
            do $.Experiment.strat(() => 1)
            do $.Experiment.statring(() => 1)
            do await $.Experiment.updateMany([{ name: 'x' }])
            do await $.Contact.createMany([{ name: 'A' }, { name: 'B' }, { nam: 'C' }])
            do await $.Contact.createMany([{ name: 'A' }, 'B'])
            do await $.Experiment.updateMany([{ $id: 'draft', name: 'A' }, { $id: 'nobody', name: 'B' }])
            do await $.Prompt.create({ name: 'A' })
            do await $.Prompt.create({ name: 'Greeting', template: 'Hello {{name}}' })
            do await $.Prompt.create({ name: 'A', messages: [{ role: 'usr', content: 'a' }] })
            do await $.Prompt.update('greeting@1', { model: 'large-1' })
            do await $.Prompt.render('greeting', { name: 'Ada' })
            do await $.Prompt.version('greeting')
            do await $.Dataset.create({ name: 'A', items: [{ expected: 'a' }] })
            do await $.Dataset.create({ name: 'A', items: [{ input: 'a', split: 'tests' }] })
            do await $.Dataset.create({ name: 'A', shares: { train: 0.5, test: 0.4 } })
            do await $.Dataset.add('guests', Array.from({ length: 10001 }, (_, i) => ({ input: i })))
            do await $.Dataset.add('guests', [{ id: 'ada', input: { name: 'Eve' } }])
            do await $.Dataset.add('frozen', [{ input: 'a' }])
            do await $.Dataset.update('guests', { items: [] })
            do await $.Dataset.import('guests', { format: 'csv', text: '"Ada' })
            do await $.Dataset.import('guests', { format: 'xml', text: 'a' })
            do await $.Dataset.items('guests', { limit: 5000 })
            do await $.Judge.create({ name: 'A', kind: 'exact', pattern: 'a' })
            do await $.Judge.create({ name: 'A', kind: 'regex', pattern: '(a' })
            do await $.Judge.create({ name: 'A', kind: 'json_schema', schema: { $ref: 'https://example.com/a.json' } })
            do await $.Judge.create({ name: 'A', kind: 'model', template: 'Is it good?' })
            do await $.Judge.score('same', { output: 'a' })
            do await $.Judge.score('stars', { answer: 'It is rather good.' })
            do await $.Judge.score('stars', { answer: 'Score: 9' })
            do await $.Judge.score('short', { output: 'a' })
            do await $.Judge.prompt('same', { output: 'a' })
            do await $.Judge.calibrate('stars', [{ item: 'q1', judge: 4 }])
            do await $.Judge.update('same', { normalize: ['case'] })
            do await $.Experiment.create({ name: 'A', dataset: 'nowhere' })
            do await $.Experiment.create({ name: 'A', budget: { unit: 5 } })
            do await $.Experiment.start('unfit')
            do await $.Experiment.start('costly')
            do await $.Experiment.start('resit')
            do {"script": "await $.Experiment.start('resit')", "dryRun": true}
            do await $.Dataset.update('quiz', { testUses: 2 })
            do await $.Experiment.next('unleased')
            do await $.Experiment.next('running')
            do await $.Experiment.next('leasing', { n: 1000 })
            do await $.Experiment.next('leasing', { ttl: 'a while' })
            do await $.Experiment.next('spent')
            do await $.Experiment.assign('leasing', 'ada')
            do await $.Experiment.record('leasing', { subject: 'ada' })
            do await $.Experiment.record('lease_nobody', { score: 1 })
            do await $.Experiment.next('leasing', { n: 2 }); await $.Experiment.update('leasing', { budget: { units: 1 } })
            do const { units: [{ lease }] } = await $.Experiment.next('leasing'); await $.Experiment.record(lease, { output: 'a' })
            do const { units: [{ lease }] } = await $.Experiment.next('leasing'); await $.Experiment.record(lease, { score: 1, latencyMs: 5 })
            do const { units: [{ lease }] } = await $.Experiment.next('leasing'); await $.Experiment.record(lease, { score: 1, metrics: { latencyMs: 'slow' } })
            do const { units: [{ lease }] } = await $.Experiment.next('leasing'); await $.Experiment.record(lease, { output: 'a'.repeat(100001), score: 1 })
            do const { units: [{ lease }] } = await $.Experiment.next('leasing', { worker: 'w1' }); await $.Experiment.record(lease, { score: 1, worker: 'w2' })
            do const { units: [{ lease }] } = await $.Experiment.next('leasing'); await $.Experiment.record(lease, { score: 1 }); await $.Experiment.record(lease, { score: 0 })
            do const { units: [{ lease }] } = await $.Experiment.next('leasing'); await $.Experiment.iterate('leasing', { repetitions: 2 }); await $.Experiment.record(lease, { score: 1 })
            do const { units: [{ lease }] } = await $.Experiment.next('judged'); await $.Experiment.record(lease, { output: 'a', score: 1 })
            do await $.Experiment.judge('judged')
            do await $.Experiment.judge('leasing')
            """
                    .lines()
                    .toList();

    @TempDir Path data;
    private Workspace workspace;
    private final List<Row> rows = new ArrayList<>();

    /// One refusal as the document shows it.
    private record Row(String call, ObjectNode error) {
        String reason() {
            return error.path("reason").stringValue();
        }

        @Override
        public String toString() {
            var more = error.deepCopy();
            more.remove(List.of("reason", "message", "repair"));
            if (call.equals(more.path("source").asString(""))) {
                more.remove("source");
            }
            return "| %s | %s | %s | %s | %s |\n"
                    .formatted(
                            reason(),
                            code(call),
                            cell(error.path("message").stringValue()),
                            cell(error.path("repair").stringValue()),
                            more.isEmpty() ? "" : code(more.toString()));
        }

        private static String code(String text) {
            return text.isEmpty() ? "" : "`" + cell(text).replace('`', '\'') + "`";
        }

        private static String cell(String text) {
            return text.replace("|", "\\|").replace("\n", " ");
        }
    }

    @BeforeEach
    void open() {
        workspace = new Workspace(data.resolve("usual"), Workspace.TESTER, PATIENT);
        workspace.result(WORLD);
        workspace.done("do", "{'script': '2', 'idempotencyKey': 'used'}");
    }

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void the_document_shows_what_is_really_answered() throws Exception {
        CALLS.forEach(this::usual);
        limits();
        lateRecord();
        surroundings();
        conflict();
        assertThat(rows)
                .allSatisfy(row -> {
                    assertThat(row.error().path("message").stringValue()).isNotBlank();
                    assertThat(row.error().path("repair").stringValue()).matches("(?s)[A-Z].*\\.");
                });
        var document = document();
        if ("write".equals(System.getProperty("assay.golden"))) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(document).isEqualTo(Files.readString(DOCUMENT));
        var reasons = rows.stream().map(Row::reason).toList();
        for (var reason : Reason.values()) {
            assertThat(
                            reasons.contains(reason.wireName())
                                    || LATER.contains(reason)
                                    || ELSEWHERE.contains(reason))
                    .as(reason.wireName())
                    .isTrue();
        }
    }

    @Test
    void every_fix_makes_the_call_succeed() {
        var tried = 0;
        for (var call : CALLS) {
            var error = error(call);
            var fix = error.path("fix").asString("");
            if (fix.startsWith("{")) {
                assertThat(workspace.call("do", (ObjectNode) JsonMapper.shared().readTree(fix)))
                        .as("%s%n%s", call, fix)
                        .isInstanceOf(Reply.Done.class);
                tried++;
                continue;
            }
            var script = call.replaceFirst("^do ", "").replace("\\n", "\n");
            for (var step = 0; !fix.isEmpty(); step++) {
                script =
                        error.path("repair").stringValue().endsWith(IN_PLACE)
                                ? fix
                                : fix + ";\n" + script;
                var reply =
                        workspace.call(
                                "do",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("script", script)
                                        .put("dryRun", true));
                if (reply instanceof Reply.Not) {
                    error = Workspace.error(reply);
                }
                fix = reply.value().path("error").path("fix").asString("");
                assertThat(step).as(script).isLessThan(3);
                assertThat(reply instanceof Reply.Done || !fix.isEmpty())
                        .as("%s%n%s", script, reply.value())
                        .isTrue();
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(25);
    }

    @Test
    void every_failure_of_do_says_that_nothing_was_applied() {
        for (var call : CALLS) {
            if (call.startsWith("do ")) {
                var value = reply(call).value();
                assertThat(value.path("applied").isArray()).as(call).isTrue();
                assertThat(value.path("applied")).as(call).isEmpty();
                assertThat(value.path("logs").isArray()).as(call).isTrue();
                assertThat(value.path("error").has("given")).as(call).isFalse();
            }
        }
    }

    @Test
    void a_write_that_the_disk_did_not_hold_cannot_be_caught_and_half_kept() throws Exception {
        FullDisk.under(workspace.folder(), "default");
        var error =
                workspace.error(
                        """
                        try {
                          for (;;) await $.Contact.create({ name: 'x'.repeat(50000) })
                        } catch (e) {
                          return 'never mind'
                        }
                        """);
        assertThat(error.path("reason")).hasToString("\"store_unavailable\"");
        assertThat(workspace.result("await $.Contact.count()")).hasToString("0");
    }

    private void usual(String call) {
        rows.add(
                new Row(
                        call.startsWith("do {") ? call : call.replaceFirst("^do ", ""),
                        shown(error(call))));
    }

    private ObjectNode error(String call) {
        return Workspace.error(reply(call));
    }

    private Reply reply(String call) {
        var blank = call.indexOf(' ');
        var tool = call.substring(0, blank);
        var rest = call.substring(blank + 1).replace("\\n", "\n");
        return tool.equals("do") && !rest.startsWith("{")
                ? workspace.run(rest)
                : workspace.call(tool, (ObjectNode) JsonMapper.shared().readTree(rest));
    }

    private void lateRecord() {
        var lease = "return (await $.Experiment.next('leasing', { ttl: '1s' })).units[0].lease";
        var first = workspace.result(lease).stringValue();
        workspace.later(Duration.ofSeconds(2));
        workspace.result(lease);
        rows.add(
                new Row(
                        "a record of a lease that ran out and was given to somebody else",
                        shown(
                                error(
                                        "do await $.Experiment.record('%s', { score: 1 })"
                                                .formatted(first)))));
    }

    private void conflict() {
        var reply =
                Failures.of(
                        new Outcome.Abandoned("another writer was first", List.of()),
                        new Order.Sent("1", JsonNodeFactory.instance.objectNode()),
                        workspace.folder().nouns(),
                        List.of());
        rows.add(
                new Row("a script that another writer overtook twice", shown(reply.path("error"))));
    }

    private void limits() {
        var minutes = Duration.ofMinutes(2);
        limited("for (;;);", Duration.ofMillis(300), MANY, MANY);
        limited("for (let i = 0; ; i++);", minutes, 10_000, MANY);
        limited(
                "for (const all = []; ; ) all.push(new Array(1000).fill(1))",
                minutes,
                MANY,
                50_000_000);
        limited("for (;;) await $.Contact.count()", minutes, MANY, MANY);
        limited("for (;;) console.log('again')", minutes, MANY, MANY);
        limited("'x'.repeat(2000)", minutes, MANY, MANY);
        limited("await $.Contact.create({ name: 'x'.repeat(2000) })", minutes, MANY, MANY);
        workspace.result(
                "await $.Contact.createMany(Array.from({length: 1001}, (_, i) => ({name: 'C' + i})))");
        usual("do await $.Contact.find()");
        workspace.result("await $.Contact.create({name: 'a'.repeat(5000)})");
        usual("do await $.Contact.find({ name: { $regex: '(a*)*b' } })");
    }

    private void limited(String script, Duration time, long statements, long bytes) {
        var limits = new Limits(time, statements, bytes, 100, 1_000, 1_000);
        try (var limited = new Workspace(data.resolve("usual"), Workspace.TESTER, limits)) {
            rows.add(new Row(script, shown(limited.error(script))));
        }
    }

    private void surroundings() throws Exception {
        try {
            var _ = new Caller("Acme Corp!", "tester", false);
        } catch (Refused refused) {
            rows.add(new Row("any call for the tenant Acme Corp!", refused.toJson()));
        }
        try (var reader =
                new Workspace(
                        data.resolve("usual"),
                        new Caller("default", "reader", true),
                        Limits.DEFAULT)) {
            var script = "await $.Experiment.create({ name: 'A' })";
            rows.add(new Row(script, shown(reader.error(script))));
        }
        Thread.currentThread().interrupt();
        rows.add(new Row("any call that its client cancels", workspace.error("1")));
        assertThat(Thread.interrupted()).isTrue();
        elsewhere("a data folder that cannot be made", folder -> Files.writeString(folder, ""));
        elsewhere(
                "a database file that cannot be opened",
                folder -> Files.createDirectories(folder.resolve("default.db")));
        elsewhere(
                "a database file that is damaged",
                folder ->
                        Files.writeString(
                                Files.createDirectories(folder).resolve("default.db"),
                                "no database at all ".repeat(100)));
        fullDisk();
        broken();
    }

    /// Something done to a folder before Assay opens it.
    @FunctionalInterface
    private interface Sabotage {
        Object of(Path folder) throws IOException;
    }

    private void elsewhere(String call, Sabotage sabotage) throws IOException {
        var folder = data.resolve(call.replace(' ', '-'));
        sabotage.of(folder);
        try (var sick = new Workspace(folder)) {
            rows.add(
                    new Row(
                            call,
                            shown(folder, sick.error("await $.Contact.create({ name: 'Ada' })"))));
        }
    }

    private void fullDisk() throws InterruptedException {
        var folder = data.resolve("full");
        try (var full = new Workspace(folder)) {
            full.result("await $.Contact.create({ name: 'Ada' })");
            FullDisk.under(full.folder(), "default");
            rows.add(
                    new Row(
                            "a disk that is full",
                            shown(
                                    folder,
                                    full.error(
                                            "for (;;) await $.Contact.create({ name: 'x'.repeat(50000) })"))));
        }
    }

    private void broken() {
        var tool =
                new Tool() {
                    @Override
                    public String name() {
                        return "search";
                    }

                    @Override
                    public ObjectNode definition() {
                        return JsonNodeFactory.instance.objectNode();
                    }

                    @Override
                    public ObjectNode call(ObjectNode arguments) {
                        throw new IllegalStateException("an accident for a test");
                    }
                };
        var reply = new Tools(List.of(tool)).call("search", JsonNodeFactory.instance.objectNode());
        rows.add(new Row("a fault of Assay's own", shown(Workspace.error(reply))));
    }

    private static ObjectNode shown(Path folder, ObjectNode error) {
        return shown(
                Workspace.json(
                        error.toString()
                                .replace("'", "\\u0027")
                                .replace(folder.toString(), "DATA")));
    }

    /// Without what differs from run to run.
    private static ObjectNode shown(JsonNode error) {
        return (ObjectNode)
                JsonMapper.shared()
                        .readTree(
                                Workspace.numbered(error)
                                        .toString()
                                        .replaceAll("incident [0-9a-f]{8}", "incident 0a1b2c3d"));
    }

    private String document() {
        var text =
                new StringBuilder(
                        """
                        # Refusals

                        A call that its caller can put right is refused with one record, the same on every surface:
                        `{"error": {"reason", "message", "repair", …}}`, over MCP with `isError`. Programs switch on `reason`, which
                        is one of a closed list. `message` names the offending value, `repair` says what to do, and `fix`, where
                        there is one, mends this mistake and holds no data but the caller's: it is a call to make first, or the
                        corrected script where `repair` ends with "Send fix in place of the script.", or the corrected arguments where
                        it is JSON. Another mistake may stand behind it, which the next attempt is then refused for. A
                        refused call has changed nothing; inside a script a refusal is an Error with these members, which may be
                        caught. Of a script, `line`, `column` and `source` tell the place; `do` adds `logs` and an empty `applied`.

                        A result that is too large for a reply is not refused but cut: the member `truncated` lists what was
                        shortened and says how to get the rest, and a reply stays under 400,000 characters.

                        Every row is what a test provokes, in a workspace with experiments of the slugs `draft`, `running`,
                        `concluded`, `empty` (without variants), `aimless` (without a metric), `late` (its `endAt` is past) and
                        `waiting` (told to start at a later time), with hooks on the creation of goals, segments, workflows and
                        funnels, with a prompt family `greeting`, with datasets of the slugs `guests` and `frozen`, and with
                        judges of the slugs `same`, `stars` and `short`. Over the dataset `quiz` there are the experiments
                        `unleased`, `unfit`, `costly` and `resit`, which have not started, and `leasing`, `judged`, `spent`
                        (one unit, recorded) and `exam` (on the test split), which have.

                        | reason | call | message | repair | more |
                        |---|---|---|---|---|
                        """);
        for (var reason : Reason.values()) {
            rows.stream()
                    .filter(row -> row.reason().equals(reason.wireName()))
                    .forEach(text::append);
        }
        text.append(
                """

                Not refused: an outcome of a metric that the experiment does not name is kept, and the answer of `record`
                lists it under `undeclared`, with the declared name that it is nearly spelled like; an import ends with such
                metrics under `uncounted`. `start` warns of metrics that `metrics` does not declare.

                Not in the table, because no tool answers them:

                - `assay http` on a host that other machines reach is refused with `forbidden`; a port that is taken, or a host that
                  does not exist, with `invalid_value`.
                - `assay backup` to a file that exists, or into a folder that cannot be written, is refused with `invalid_value`; for a
                  tenant that never wrote anything with `unknown_id`.
                - A request beyond the limits of [protocol.md](protocol.md) is answered with the JSON-RPC error -32000 and
                  `rate_limited` in its `data.reason`; requests that are no proper JSON-RPC or MCP get the codes of those protocols.
                """);
        text.append("\nIn the list, but of no use yet: ");
        text.append(
                String.join(
                        ", ",
                        LATER.stream().map(reason -> "`" + reason.wireName() + "`").toList()));
        return text.append(".\n").toString();
    }
}
