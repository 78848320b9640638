package assay.domain.work;

import assay.domain.Caller;
import assay.domain.experiment.Experiments;
import assay.domain.experiment.JudgeReport;
import assay.domain.experiment.LookBook;
import assay.domain.experiment.NounRules;
import assay.domain.experiment.Warnings;
import assay.domain.loop.PromptExperimentRules;
import assay.domain.noun.Nouns;
import assay.domain.noun.Rules;
import assay.domain.noun.Validation;
import assay.domain.prompt.DatasetRules;
import assay.domain.prompt.JudgeRules;
import assay.domain.prompt.PromptRules;
import assay.domain.prompt.Scope;
import assay.domain.store.Events;
import assay.domain.store.Leases;
import assay.domain.store.Notes;
import assay.domain.store.Objects;
import assay.domain.store.Runs;
import assay.domain.store.Transaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What one caller's work within one transaction stands on.
record Ground(
        Nouns nouns,
        Transaction transaction,
        Caller caller,
        Instant now,
        Ids ids,
        Runs runs,
        Objects objects,
        Events events,
        Notes notes,
        Lookup lookup,
        Integrity integrity,
        Past past,
        Entities entities,
        Experiments experiments,
        Validation validation,
        Changes changes,
        LookBook looks,
        Warnings warnings) {

    /// @param run the id of the script run that all this belongs to, for the log
    static Ground of(
            Nouns nouns,
            Transaction transaction,
            Caller caller,
            Instant now,
            Ids ids,
            Optional<String> run) {
        var objects = new Objects(transaction, run);
        var events = new Events(transaction);
        var lookup = new Lookup(objects);
        var changes = new Changes();
        var looks = new LookBook();
        var warnings = new Warnings();
        var notes = new Notes(transaction);
        var experiments =
                new Experiments(
                        nouns.require("Experiment"),
                        objects,
                        events,
                        caller.actor(),
                        now,
                        ids::next,
                        changes::addOrMerge,
                        looks,
                        warnings,
                        notes,
                        judges(scope(nouns, transaction, objects, lookup, caller, now, changes)),
                        new Leases(transaction));
        return new Ground(
                nouns,
                transaction,
                caller,
                now,
                ids,
                new Runs(transaction),
                objects,
                events,
                notes,
                lookup,
                new Integrity(objects),
                new Past(objects, now),
                new Entities(nouns, objects, lookup, caller.tenant()),
                experiments,
                new Validation(
                        rules(
                                experiments,
                                scope(nouns, transaction, objects, lookup, caller, now, changes),
                                looks)),
                changes,
                looks,
                warnings);
    }

    private static Map<String, Rules> rules(Experiments experiments, Scope scope, LookBook looks) {
        var rules = new HashMap<>(NounRules.of(experiments));
        rules.put("Prompt", new PromptRules(scope.nouns(), scope.objects()));
        rules.put("Judge", new JudgeRules(scope));
        rules.put("Dataset", new DatasetRules(scope.transaction(), scope.objects()));
        rules.computeIfPresent(
                "Experiment", (_, own) -> new PromptExperimentRules(own, scope, looks));
        return rules;
    }

    /// What is known of the judges of experiments.
    private static Function<String, Optional<JudgeReport>> judges(Scope scope) {
        return judge -> JudgeReports.of(scope, judge);
    }

    private static Scope scope(
            Nouns nouns,
            Transaction transaction,
            Objects objects,
            Lookup lookup,
            Caller caller,
            Instant now,
            Changes changes) {
        return Scope.withoutCreate(
                nouns,
                transaction,
                objects,
                caller.actor(),
                now,
                (noun, idOrKey) -> lookup.find(noun, idOrKey, Optional.empty()),
                lookup::require,
                changes::addOrMerge);
    }

    /// The same for another caller of the same tenant.
    Ground as(Caller other) {
        var engine =
                new Experiments(
                        nouns.require("Experiment"),
                        objects,
                        events,
                        other.actor(),
                        now,
                        ids::next,
                        changes::addOrMerge,
                        looks,
                        warnings,
                        notes,
                        judges(scope(nouns, transaction, objects, lookup, other, now, changes)),
                        new Leases(transaction));
        return new Ground(
                nouns,
                transaction,
                other,
                now,
                ids,
                runs,
                objects,
                events,
                notes,
                lookup,
                integrity,
                past,
                entities,
                engine,
                new Validation(
                        rules(
                                engine,
                                scope(nouns, transaction, objects, lookup, other, now, changes),
                                looks)),
                changes,
                looks,
                warnings);
    }
}
