package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Ends an experiment with the winner that the rule names, or that somebody answers for.
final class Closing {
    private final Scope scope;
    private final Looking looking;

    Closing(Scope scope, Looking looking) {
        this.scope = scope;
        this.looking = looking;
    }

    /// What `conclude` adds: the winner, if the rule has fired or somebody takes the responsibility
    /// for another one.
    ///
    /// @param proposal `{winner, reason}` of the caller, both optional
    void concluding(String id, ObjectNode current, ObjectNode next, ObjectNode proposal) {
        var before = looking.last(id, Design.of(id, current), Integer.MAX_VALUE);
        var readout = looking.atEnd(id, current);
        var decision = readout.decision();
        var proposed = proposed(proposal);
        var reason = proposal.path("reason").asString("");
        var overrides = !proposed.isEmpty() && !decision.winner().equals(Optional.of(proposed));
        if (!proposed.isEmpty()
                && readout.design().arms().stream().noneMatch(arm -> arm.key().equals(proposed))) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The experiment has no variant %s.".formatted(Quoted.of(proposed)),
                            "Name one of: %s."
                                    .formatted(
                                            Quoted.all(
                                                    readout.design().arms().stream()
                                                            .map(Design.Arm::key)
                                                            .toList())))
                    .field("winner");
        }
        if (overrides && reason.isBlank()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "The rule has not named %s the winner: %s"
                                    .formatted(Quoted.of(proposed), decision.why()),
                            decision.winner()
                                            .map(named ->
                                                    "Leave winner out to end with %s"
                                                            .formatted(Quoted.of(named)))
                                            .orElse(
                                                    "Leave winner out to end without one, keep the experiment running")
                                    + ", or give a reason beside it, {winner, reason}, which is recorded as an override.")
                    .field("winner");
        }
        var winner = proposed.isEmpty() ? decision.winner().orElse(null) : proposed;
        next.put("winner", winner)
                .put("confidence", overrides ? readout.confidence(proposed) : readout.confidence())
                .put("sampleSize", readout.sampleSize())
                .put("conversions", readout.conversions())
                .put("endedReason", overrides ? "Override: " + reason : decision.why());
        next.set("results", readout.json("Concluded", Optional.ofNullable(winner)));
        Certificates.keep(
                scope.notes(),
                Certificate.issue(
                        scope.events(),
                        scope.actor(),
                        scope.now().toEpochMilli(),
                        current,
                        readout,
                        before,
                        new Certificate.Ended(
                                Optional.ofNullable(winner),
                                overrides ? Optional.of(reason) : Optional.empty())));
    }

    /// The winner that a caller names; empty for none.
    private static String proposed(ObjectNode proposal) {
        var winner = proposal.path("winner");
        if (winner.isMissingNode() || winner.isNull()) {
            return "";
        }
        var key = winner.asString("");
        if (key.isBlank()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not the key of a variant.".formatted(Quoted.of(winner)),
                            "Send winner as the key of a variant, such as 'treatment', or leave it out.")
                    .field("winner");
        }
        return key;
    }

    /// True when a verb finds its work done: the first exposure turns Started into Running, and a
    /// resumed experiment in which nobody was exposed is Started, so both states answer a repeated
    /// `start` or `resume`. A repeated `conclude` must not name another winner.
    ///
    /// @param proposal what the caller sent with the verb
    static boolean isDone(String verb, String id, ObjectNode current, ObjectNode proposal) {
        var status = current.path("status").asString("");
        return switch (verb) {
            case "start" -> status.equals("Running");
            case "resume" -> Set.of("Started", "Running").contains(status);
            case "conclude" -> {
                if (status.equals("Concluded")) {
                    requireSameWinner(id, current, proposal);
                }
                yield status.equals("Concluded");
            }
            default -> false;
        };
    }

    private static void requireSameWinner(String id, ObjectNode current, ObjectNode proposal) {
        var proposed = proposed(proposal);
        var winner = current.path("winner").asString("");
        if (!proposed.isEmpty() && !proposed.equals(winner)) {
            throw new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "Experiment %s is concluded already, %s."
                                    .formatted(
                                            Quoted.of(id),
                                            winner.isEmpty()
                                                    ? "without a winner"
                                                    : "with the winner " + Quoted.of(winner)),
                            "Leave it as it is, or create a new experiment to measure again.")
                    .field("winner");
        }
    }
}
