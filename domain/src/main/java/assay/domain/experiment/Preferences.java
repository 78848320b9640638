package assay.domain.experiment;

import assay.domain.noun.Json;
import assay.stats.Interval;
import assay.stats.paired.Pairs;
import assay.stats.preference.BradleyTerry;
import assay.stats.preference.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import tools.jackson.databind.node.ObjectNode;

/// Judgements between the control's output and a treatment's for the same item: 1 where the
/// treatment is preferred, 0.5 for a tie, 0 where the control is.
///
/// A preference is a difference already: wins less losses. Ties say nothing about which is better
/// and are left out of the evidence, which is that of a sign test.
final class Preferences {
    private static final String EVENT = "preference";
    private static final double HALF = 0.5;

    private Preferences() {}

    /// True of a metric that judgements between outputs are recorded for.
    static boolean are(Metric metric) {
        return metric.type() == Metric.Type.MEAN
                && metric.terms().stream().allMatch(term -> term.event().equals(EVENT));
    }

    /// The judgements of a treatment as pairs: what it has, the control has not.
    static Pairs pairs(SortedMap<String, Double> treatment) {
        var pairs = new Pairs();
        treatment.values().forEach(share -> pairs.add(1 - share, share));
        return pairs;
    }

    /// Strengths of all arms by Bradley and Terry's model, from all judgements together.
    static ObjectNode strengths(Design design, ItemMeans items) {
        var keys = new ArrayList<String>();
        var matches = new ArrayList<Match>();
        keys.add(design.control().key());
        for (var arm : design.treatments()) {
            var judged = items.of(arm.key());
            if (!judged.isEmpty()) {
                keys.add(arm.key());
                matches.add(match(keys.size() - 1, judged));
            }
        }
        var json =
                Json.object()
                        .put(
                                "means",
                                "Bradley-Terry: log odds of being preferred, above the mean of all; intervals for one look, they decide nothing");
        var exact = BradleyTerry.of(keys.size(), matches);
        if (!exact.isKnown()) {
            json.put(
                    "prior",
                    "somebody won or lost everything, so half a game is added to each pair");
        }
        var fit = exact.isKnown() ? exact : BradleyTerry.withPrior(keys.size(), matches, HALF);
        fit.toOptional().ifPresent(model -> write(json, design, keys, model));
        return json;
    }

    private static Match match(int arm, SortedMap<String, Double> judged) {
        var wins = judged.values().stream().filter(share -> share > HALF).count();
        var losses = judged.values().stream().filter(share -> share < HALF).count();
        return new Match(0, arm, losses, wins, judged.size() - wins - losses);
    }

    private static void write(
            ObjectNode json, Design design, List<String> keys, BradleyTerry model) {
        var arms = json.putArray("arms");
        for (int i : model.ranking()) {
            Interval interval = model.interval(i, design.rule().alpha());
            arms.addObject()
                    .put("key", keys.get(i))
                    .put("strength", model.centered(i).value())
                    .put("lower", interval.lower())
                    .put("upper", interval.upper())
                    .put("elo", model.elo(i))
                    .put("winsAgainstControl", model.winProbability(i, 0));
        }
    }
}
