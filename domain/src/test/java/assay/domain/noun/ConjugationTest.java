package assay.domain.noun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConjugationTest {
    @ParameterizedTest(name = "{0} declared {1}: before {2}, after {3}")
    @CsvSource(
            delimiter = ':',
            textBlock =
                    """
                    create:Created:creating:created
                    update:Updated:updating:updated
                    delete:Deleted:deleting:deleted
                    start:Started:starting:started
                    pause:Paused:pausing:paused
                    resume:Resumed:resuming:resumed
                    stop:Stopped:stopping:stopped
                    conclude:Concluded:concluding:concluded
                    complete:Completed:completing:completed
                    archive:Archived:archiving:archived
                    enable:Enabled:enabling:enabled
                    disable:Disabled:disabling:disabled
                    rollout:RolledOut:rollingOut:rolledOut
                    record:Recorded:recording:recorded
                    reset:Reset:resetting:reset
                    snapshot:Snapshotted:snapshotting:snapshotted
                    analyze:Analyzed:analyzing:analyzed
                    activate:Activated:activating:activated
                    achieve:Achieved:achieving:achieved
                    miss:Missed:missing:missed
                    launch:Launched:launching:launched
                    refresh:Refreshed:refreshing:refreshed
                    qualify:Qualified:qualifying:qualified
                    capture:Captured:capturing:captured
                    assign:Assigned:assigning:assigned
                    merge:Merged:merging:merged
                    enrich:Enriched:enriching:enriched
                    score:Scored:scoring:scored
                    close:Closed:closing:closed
                    win:Won:winning:won
                    lose:Lost:losing:lost
                    advance:Advanced:advancing:advanced
                    reopen:Reopened:reopening:reopened
                    cancel:Cancelled:cancelling:cancelled
                    log:Logged:logging:logged
                    do:Done:doing:done
                    ask:Asked:asking:asked
                    notify:Notified:notifying:notified
                    decide:Decided:deciding:decided
                    approve:Approved:approving:approved
                    delegate:Delegated:delegating:delegated
                    escalate:Escalated:escalating:escalated
                    learn:Learned:learning:learned
                    reflect:Reflected:reflecting:reflected
                    invoke:Invoked:invoking:invoked
                    deploy:Deployed:deploying:deployed
                    retire:Retired:retiring:retired
                    trigger:Triggered:triggering:triggered
                    send:Sent:sending:sent
                    read:Read:reading:read
                    pay:Paid:paying:paid
                    write:Written:writing:written
                    run:Run:running:run
                    begin:Begun:beginning:begun
                    """)
    void a_verb_names_its_hooks(String verb, String declared, String before, String after) {
        assertThat(Conjugation.verb(verb, declared))
                .isEqualTo(new Verb(verb, before, after, declared));
    }

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "tie, tying, tied",
        "die, dying, died",
        "see, seeing, seen",
        "dye, dyeing, dyed",
        "visit, visiting, visited",
        "profit, profiting, profited",
        "eat, eating, eated",
        "commit, committing, committed",
        "prefer, preferring, preferred",
        "quiz, quizzing, quizzed",
        "fix, fixing, fixed",
        "play, playing, played",
        "copy, copying, copied",
        "reopen, reopening, reopened",
        "freeze, freezing, frozen",
        "go, going, gone",
        "have, having, had",
        "put, putting, put",
        "doIt, doingIt, doneIt",
        "markDone, markingDone, markedDone",
    })
    void spelling_follows_the_rules_of_english(String verb, String activity, String participle) {
        assertThat(Conjugation.activity(verb)).isEqualTo(activity);
        assertThat(Conjugation.participle(verb)).isEqualTo(participle);
    }

    @ParameterizedTest(name = "{0} is understood as {1}")
    @CsvSource({
        "canceling, cancelling",
        "canceled, cancelled",
        "sended, sent",
        "resetted, reset",
        "snapshoting, snapshotting",
        "snapshoted, snapshotted",
        "started, started"
    })
    void other_spellings_in_use_are_understood(String alias, String canonical) {
        assertThat(Conjugation.canonical(alias)).isEqualTo(canonical);
    }
}
