package assay.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Scripts that do all kinds of things to all kinds of objects, in an order that a seed decides.
/// Much of it is refused, because nobody looks whether an experiment runs or a subject was exposed.
final class RandomScripts {
    /// What the scripts find when they begin.
    static final String WORLD =
            """
            const variants = ['control', 'treatment']
            const acme = await $.Organization.create({ name: 'acme' })
            for (let i = 0; i < 4; i++) {
              await $.Contact.create({ name: 'c' + i, email: 'c' + i + '@example.com', organization: acme.$id })
              await $.Experiment.create({ name: 'e' + i, slug: 'e' + i, primaryMetric: 'bought', variants })
              await $.Metric.create({ name: 'm' + i, type: 'Counter', value: i })
            }
            await $.Experiment.start('e1')
            await $.Experiment.start('e2')
            await $.Experiment.assign('e2', ['s0', 's1', 's2', 's3'])
            await $.Experiment.record('e2', [{ subject: 's0' }, { subject: 's1', value: 0.1 }])
            """;

    private static final String BEGINNING =
            """
            const ids = {}
            for (const c of await $.Contact.find({}, { sort: 'name' })) ids[c.name] = c.$id
            for (const m of await $.Metric.find({}, { sort: 'name' })) ids[m.name] = m.$id
            const variants = ['a', { key: 'b', weight: 3 }]
            """;

    private final Random random;
    private int made;

    RandomScripts(long seed) {
        this.random = new Random(seed);
    }

    /// The text that comes before all steps of a script.
    static String beginning() {
        return BEGINNING;
    }

    /// So many steps, each of which may be refused.
    List<String> steps(int count) {
        var steps = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            steps.add(step());
        }
        return steps;
    }

    /// A step whose refusal ends nothing. The log says which steps were refused.
    static String caught(int number, String step) {
        return "try { %s } catch (refusal) { console.log(%d, refusal.reason ?? refusal.message) }"
                .formatted(step, number);
    }

    /// A script of steps whose refusals are caught.
    static String script(List<String> steps) {
        var script = new StringBuilder(BEGINNING);
        for (var i = 0; i < steps.size(); i++) {
            script.append(caught(i, steps.get(i))).append('\n');
        }
        return script.append("return Object.keys(ids).length").toString();
    }

    private String step() {
        return switch (random.nextInt(21)) {
            case 0 ->
                    "const c = await $.Contact.create(%s); ids[c.name] = c.$id"
                            .formatted(contact());
            case 1 ->
                    "for (const c of await $.Contact.createMany([%s, %s, %s])) ids[c.name] = c.$id"
                            .formatted(contact(), contact(), maybeWrong());
            case 2 ->
                    "await $.Contact.update(ids.%s, { title: 't%d', email: %s })"
                            .formatted(oldContact(), next(), email());
            case 3 ->
                    "await $.Contact.updateMany([{ $id: ids.%s, title: 'u%d' }, { $id: ids.%s, %s: 'v' }])"
                            .formatted(oldContact(), next(), oldContact(), oneOf("title", "titel"));
            case 4 -> "await $.Contact.delete(ids.%s)".formatted(oldContact());
            case 5 ->
                    "await $.Contact.rollback(ids.%s, %d)"
                            .formatted(oldContact(), 1 + random.nextInt(3));
            case 6 ->
                    "await $.Experiment.create({ name: 'e%1$d', slug: 'e%1$d', primaryMetric: 'm', variants })"
                            .formatted(random.nextInt(6));
            case 7, 8 ->
                    "await $.Experiment.%s('%s', { reason: 'r%d' })"
                            .formatted(
                                    oneOf("start", "pause", "resume", "stop", "archive"),
                                    experiment(),
                                    next());
            case 9 ->
                    "await $.Experiment.conclude('%s', %s)"
                            .formatted(
                                    experiment(),
                                    oneOf(
                                            "{}",
                                            "{ winner: 'b' }",
                                            "{ winner: 'treatment', reason: 'I say so' }"));
            case 10, 11, 12 ->
                    "await $.Experiment.assign('%s', [%s, %s, %s])"
                            .formatted(experiment(), subject(), subject(), subject());
            case 13, 14 ->
                    "await $.Experiment.record('%s', [{ subject: %s, value: %d / 10, eventId: 'o%d' }, { subject: %s }])"
                            .formatted(
                                    experiment(), subject(), next(), random.nextInt(9), subject());
            case 15 ->
                    "await $.Experiment.update('%s', { hypothesis: 'h%d', %s })"
                            .formatted(
                                    experiment(),
                                    next(),
                                    oneOf("trafficAllocation: 50", "winner: 'b'", "notes: null"));
            case 16 -> "await $.Experiment.delete('%s')".formatted(experiment());
            case 17 ->
                    "await $.Metric.update(ids.m%d, { value: %d })"
                            .formatted(random.nextInt(4), next());
            case 18 ->
                    "await $.Event.create({ name: 'Seen', type: 'seen', source: 'API', userId: %s })"
                            .formatted(subject());
            case 19 ->
                    "const e = '%s'; await $.Experiment.pause(e); await $.Experiment.resume(e)"
                            .formatted(experiment());
            default -> "await $.Experiment.results('%s')".formatted(experiment());
        };
    }

    private int next() {
        return ++made;
    }

    private String contact() {
        return "{ name: 'c%d', email: %s }".formatted(4 + next(), email());
    }

    private String maybeWrong() {
        return oneOf(
                contact(), "{ nam: 'x' }", "{ name: 'x', organization: 'organization_nobody00' }");
    }

    /// Some are taken.
    private String email() {
        return "'c%d@example.com'".formatted(random.nextInt(30));
    }

    private String oldContact() {
        return "c" + random.nextInt(8);
    }

    private String experiment() {
        return "e" + random.nextInt(6);
    }

    private String subject() {
        return "'s%d'".formatted(random.nextInt(8));
    }

    private String oneOf(String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
