package assay.domain.experiment;

import assay.domain.noun.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/// How often the runs of a simulation ended in which way.
///
/// @param wins per treatment, the share of the runs that it won
/// @param wrongWinner share of the runs that shipped an arm that is not better
/// @param decided runs that came to an end other than the last unit
/// @param meanUnits of these
/// @param medianUnits of these
/// @param exaggeration the mean of the winners' estimated effects over their true ones
/// @param breached per guardrail, the share of the runs that ended with it breached
record Tally(
        int runs,
        SequencedMap<Decision.Verdict, Long> verdicts,
        SequencedMap<String, Double> wins,
        double wrongWinner,
        int decided,
        double meanUnits,
        double medianUnits,
        Optional<Double> exaggeration,
        SequencedMap<String, Double> breached) {
    static Tally of(Simulation simulation, List<Simulation.Ending> endings) {
        double runs = endings.size();
        var verdicts = new LinkedHashMap<Decision.Verdict, Long>();
        for (var verdict : Decision.Verdict.values()) {
            verdicts.put(
                    verdict,
                    endings.stream().filter(ending -> ending.verdict() == verdict).count());
        }
        var wins = new LinkedHashMap<String, Double>();
        for (var arm : simulation.design().treatments()) {
            wins.put(
                    arm.key(),
                    endings.stream().filter(e -> e.winner().equals(Optional.of(arm.key()))).count()
                            / runs);
        }
        var breached = new LinkedHashMap<String, Double>();
        for (var guardrail : simulation.guardrails()) {
            var name = guardrail.metric().name();
            breached.put(
                    name,
                    endings.stream().filter(ending -> ending.breached().contains(name)).count()
                            / runs);
        }
        var units =
                endings.stream()
                        .filter(ending -> ending.verdict() != Decision.Verdict.KEEP_RUNNING)
                        .mapToLong(Simulation.Ending::units)
                        .sorted()
                        .toArray();
        var exaggerations = endings.stream().flatMap(e -> e.exaggeration().stream()).toList();
        return new Tally(
                endings.size(),
                verdicts,
                wins,
                endings.stream()
                                .filter(ending ->
                                        ending.winner().filter(simulation::isWrong).isPresent())
                                .count()
                        / runs,
                units.length,
                java.util.Arrays.stream(units).average().orElse(0),
                units.length == 0
                        ? 0
                        : (units[(units.length - 1) / 2] + units[units.length / 2]) / 2.0,
                exaggerations.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                exaggerations.stream()
                                        .mapToDouble(Double::doubleValue)
                                        .average()
                                        .orElseThrow()),
                breached);
    }

    /// Share of the runs that ended with a verdict.
    double share(Decision.Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0L) / (double) runs;
    }

    ObjectNode json() {
        var json = Json.object();
        var shares = json.putObject("verdicts");
        for (var verdict : verdicts.keySet()) {
            shares.put(verdict.word(), share(verdict));
        }
        var won = json.putObject("wins");
        wins.forEach(won::put);
        json.put("wrongWinner", wrongWinner);
        if (decided > 0) {
            json.put("meanUnits", Math.round(meanUnits))
                    .put("medianUnits", Math.round(medianUnits));
        }
        exaggeration.ifPresent(times -> json.put("exaggeration", Math.round(times * 1e4) / 1e4));
        if (!breached.isEmpty()) {
            var trips = json.putObject("breached");
            breached.forEach(trips::put);
        }
        return json;
    }
}
