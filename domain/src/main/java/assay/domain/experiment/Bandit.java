package assay.domain.experiment;

import assay.domain.Change;
import assay.domain.noun.Json;
import assay.domain.noun.Noun;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import assay.stats.Moments;
import assay.stats.bayes.Arms;
import assay.stats.bayes.BetaPosterior;
import assay.stats.bayes.NormalPosterior;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ObjectNode;

/// Moves the traffic of a bandit to the arms that do well: when it is due, the next cohort is
/// opened, with weights by what the units came to so far.
///
/// The posteriors are conjugate ones with flat priors, so how the units were shared out before does
/// not matter for them.
final class Bandit {
    private static final int DIGITS = 4;

    private final Scope scope;

    Bandit(Scope scope) {
        this.scope = scope;
    }

    /// The experiment as it is to be assigned now, its traffic moved if that is due. The lock is
    /// taken if it is.
    StoredObject current(Noun noun, StoredObject experiment) {
        var document = experiment.document();
        if (!document.path("allocation").has("policy")
                || !Assignment.of(experiment).isOpen(scope.now())
                || !isDue(experiment.id(), Design.of(experiment.id(), document))) {
            return experiment;
        }
        scope.objects().prepareToWrite();
        return posterior(experiment.id(), Design.of(experiment.id(), document))
                .map(posterior -> reallocate(noun, experiment, posterior))
                .orElse(experiment);
    }

    /// When the traffic of an experiment is to be moved next; empty if it is no bandit, or if that
    /// waits for more units.
    Optional<Instant> due(StoredObject experiment) {
        if (!experiment.document().path("allocation").has("policy")
                || !Assignment.of(experiment).isOpen(scope.now())) {
            return Optional.empty();
        }
        var design = Design.of(experiment.id(), experiment.document());
        var allocation = design.allocation().orElseThrow();
        var next = design.cohort().from().plusMillis(allocation.every());
        return allocation.everyUnits().isEmpty() && next.isAfter(scope.now())
                ? Optional.of(next)
                : isDue(experiment.id(), design) ? Optional.of(scope.now()) : Optional.empty();
    }

    private boolean isDue(String id, Design design) {
        var allocation = design.allocation().orElseThrow();
        var units = scope.events().exposed(id, design.iteration());
        if (allocation.everyUnits().isPresent()) {
            var since =
                    units.getOrDefault(design.cohort().index(), Map.of()).values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            if (since < allocation.everyUnits().getAsLong()) {
                return false;
            }
        } else if (design.cohort().from().plusMillis(allocation.every()).isAfter(scope.now())) {
            return false;
        }
        return design.arms().stream()
                .allMatch(arm ->
                        units.values().stream()
                                        .mapToLong(arms -> arms.getOrDefault(arm.key(), 0L))
                                        .sum()
                                >= allocation.burnIn());
    }

    /// What is believed of the arms, in their order.
    ///
    /// @param arms what they came to
    private record Belief(List<Moments> arms, Arms posterior) {}

    /// Empty as long as an arm has too little to believe anything.
    private Optional<Belief> posterior(String id, Design design) {
        var units = new Measured(scope.events(), id, design).capped(design.primary()).units();
        var moments = new ArrayList<Moments>();
        for (var arm : design.arms()) {
            var some = new Moments();
            units.stream()
                    .filter(unit -> unit.arm().equals(arm.key()))
                    .forEach(unit -> some.add(unit.value()));
            moments.add(some);
        }
        var isLess = design.primary().direction() == Metric.Direction.DECREASE;
        if (moments.stream().allMatch(Bandit::isOfRates)) {
            var posteriors =
                    moments.stream()
                            .map(arm -> {
                                var successes = Math.round(arm.sum().value());
                                return BetaPosterior.of(
                                        isLess ? arm.n() - successes : successes,
                                        arm.n(),
                                        new BetaPosterior(1, 1));
                            })
                            .toList();
            return Optional.of(new Belief(moments, Arms.ofRates(posteriors)));
        }
        var normals = new ArrayList<NormalPosterior>();
        for (var arm : moments) {
            var mean = arm.mean().toOptional();
            var error = standardError(arm);
            if (mean.isEmpty() || error.isEmpty()) {
                return Optional.empty();
            }
            normals.add(new NormalPosterior(mean.get(), error.getAsDouble()));
        }
        return Optional.of(
                new Belief(moments, Arms.ofMeans(isLess ? Arms.negated(normals) : normals)));
    }

    /// True when every unit came to 0 or 1.
    private static boolean isOfRates(Moments arm) {
        return arm.sum().equals(arm.squares());
    }

    private static OptionalDouble standardError(Moments arm) {
        return arm.variance()
                .toOptional()
                .filter(variance -> variance > 0)
                .map(variance -> OptionalDouble.of(Math.sqrt(variance / arm.n())))
                .orElse(OptionalDouble.empty());
    }

    private StoredObject reallocate(Noun noun, StoredObject experiment, Belief belief) {
        var design = Design.of(experiment.id(), experiment.document());
        var allocation = design.allocation().orElseThrow();
        var best = belief.posterior().probabilityBest();
        var shares =
                assay.stats.bandit.Allocation.withFloor(
                        switch (allocation.policy()) {
                            case THOMPSON ->
                                    assay.stats.bandit.Allocation.thompson(belief.posterior());
                            case TOP_TWO ->
                                    assay.stats.bandit.Allocation.topTwoShares(belief.posterior());
                        },
                        allocation.floor());
        var weights = Json.object();
        var figures = Json.object();
        for (var i = 0; i < shares.length; i++) {
            var key = design.arms().get(i).key();
            weights.put(key, rounded(shares[i]));
            figures.set(key, figures(belief.arms().get(i), best[i]));
        }
        var next = experiment.document().deepCopy();
        Cohorts.reallocate(experiment.document(), next, weights, figures, scope.now());
        var moved = experiment.next(next, scope.now().toEpochMilli());
        scope.objects()
                .update(
                        noun,
                        moved,
                        new Objects.Entry(
                                "reallocate",
                                "Reallocated",
                                scope.actor(),
                                Optional.of(allocation.policy().word())));
        scope.changes()
                .accept(
                        Change.between(
                                "reallocate",
                                experiment.type(),
                                experiment.id(),
                                experiment.document(),
                                next));
        return moved;
    }

    private static ObjectNode figures(Moments arm, double best) {
        var json = Json.object().put("n", arm.n());
        arm.mean().toOptional().ifPresent(mean -> json.put("mean", mean));
        return json.put("chanceBest", best);
    }

    private static BigDecimal rounded(double share) {
        return BigDecimal.valueOf(share).setScale(DIGITS, RoundingMode.HALF_EVEN);
    }
}
