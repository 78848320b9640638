package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.StoredObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The experiments whose control takes no part in others.
final class Holdouts {
    private static final Set<String> LIVE = Set.of("Started", "Running", "Paused");

    private Holdouts() {}

    /// The experiment of an id or a slug.
    static Optional<StoredObject> find(Scope scope, String idOrSlug) {
        return scope.objects()
                .get(idOrSlug)
                .filter(object -> object.type().equals(scope.experiments().name()))
                .or(() ->
                        scope.objects().byUnique(scope.experiments(), "slug", Json.text(idOrSlug)));
    }

    /// Those of some subjects that the holdout of a design keeps out of it.
    static Set<String> heldOut(Scope scope, Design design, List<String> subjects) {
        var holdout = design.holdout().flatMap(name -> find(scope, name));
        if (holdout.isEmpty() || subjects.isEmpty()) {
            return Set.of();
        }
        var own = Design.of(holdout.get().id(), holdout.get().document());
        var held = new HashSet<String>();
        scope.events()
                .exposures(holdout.get().id(), own.iteration(), subjects)
                .forEach((subject, exposure) -> {
                    if (exposure.variant().equals(own.control().key())) {
                        held.add(subject);
                    }
                });
        return held;
    }

    /// True while it keeps its control out of others.
    static boolean isLive(StoredObject experiment) {
        return LIVE.contains(experiment.document().path("status").asString(""));
    }

    /// Checks the holdout of an experiment that starts, and notes its id.
    ///
    /// @throws Refused if it is none, or does not run
    static void require(Scope scope, ObjectNode next) {
        var name = next.path("holdout").asString("");
        if (name.isEmpty()) {
            return;
        }
        if (Allocation.isHoldout(next.path("allocation"))) {
            throw refused(
                    "A holdout cannot be in another holdout.",
                    "Clear holdout with update(id, {holdout: null}).");
        }
        var found = find(scope, name);
        if (found.isEmpty()) {
            throw refused(
                    "There is no experiment %s to be the holdout.".formatted(Quoted.of(name)),
                    "Name the id or slug of an experiment with {allocation: {design: 'holdout', share: 5}}.");
        }
        if (!Allocation.isHoldout(found.get().document().path("allocation"))) {
            throw refused(
                    "Experiment %s is not a holdout.".formatted(Quoted.of(name)),
                    "Name one with {allocation: {design: 'holdout', share: 5}}.");
        }
        if (!isLive(found.get())) {
            throw refused(
                    "The holdout %s is %s and holds nobody out."
                            .formatted(
                                    Quoted.of(name),
                                    found.get().document().path("status").asString("")),
                    "Start it first, or clear holdout with update(id, {holdout: null}).");
        }
        next.put("holdout", found.get().id());
    }

    private static Refused refused(String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair).field("holdout");
    }
}
