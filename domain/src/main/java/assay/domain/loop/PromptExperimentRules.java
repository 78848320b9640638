package assay.domain.loop;

import assay.domain.experiment.Freezing;
import assay.domain.experiment.LookBook;
import assay.domain.noun.Rules;
import assay.domain.noun.Verb;
import assay.domain.prompt.Scope;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What an experiment demands whose variants hold prompts, over what every experiment does.
public final class PromptExperimentRules implements Rules {
    private static final Set<String> BEGINNING = Set.of("start", "iterate");

    private final Rules own;
    private final LeasedFields fields;
    private final Families families;
    private final FrozenPrompts prompts;
    private final Beginning beginning;

    /// @param own those of every experiment
    /// @param looks where uses of a test split are barred
    public PromptExperimentRules(Rules own, Scope scope, LookBook looks) {
        this.own = own;
        this.fields = new LeasedFields(scope);
        this.families = new Families(scope);
        this.prompts = new FrozenPrompts(scope);
        this.beginning = new Beginning(scope, looks);
    }

    @Override
    public void prepare(ObjectNode data) {
        own.prepare(data);
    }

    @Override
    public String target(Verb verb, String target, ObjectNode next) {
        return own.target(verb, target, next);
    }

    @Override
    public String insteadOf(String computed) {
        return own.insteadOf(computed);
    }

    @Override
    public void complete(ObjectNode data, ObjectNode next) {
        fields.complete(data, next);
        own.complete(data, next);
        if (data.hasNonNull("variants")) {
            prompts.check(next);
        }
        if (data.has("variants")) {
            families.note(next);
        }
        if (!isDraft(next)) {
            // What is compared with what has started is in the form that it has there.
            fields.resolve(next);
            prompts.freeze(next);
        }
    }

    private static boolean isDraft(ObjectNode experiment) {
        return experiment.path("status").asString("Draft").equals("Draft");
    }

    @Override
    public void created(String id, ObjectNode sent, ObjectNode document) {
        own.created(id, sent, document);
    }

    @Override
    public boolean isDone(Verb verb, String id, ObjectNode current, ObjectNode sent) {
        return own.isDone(verb, id, current, sent);
    }

    @Override
    public Set<String> proposals(Verb verb) {
        return own.proposals(verb);
    }

    @Override
    public void writing(
            Verb verb, String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
        var begins = BEGINNING.contains(verb.name());
        if (begins) {
            fields.resolve(next);
            prompts.freeze(next);
            beginning.check(next);
        }
        own.writing(verb, id, current, next, sent);
        if (verb.name().equals("update") && Freezing.isLive(current)) {
            beginning.recheck(id, current, next);
        }
        if (begins && !isDraft(next)) {
            beginning.begin(id, next);
        }
    }

    @Override
    public void rollingBack(String id) {
        own.rollingBack(id);
    }

    @Override
    public void deleting(String id, ObjectNode current) {
        own.deleting(id, current);
    }
}
