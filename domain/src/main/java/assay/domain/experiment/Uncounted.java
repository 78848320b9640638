package assay.domain.experiment;

import assay.domain.Nearest;
import assay.domain.noun.Json;
import assay.domain.store.Stray;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import tools.jackson.databind.node.ObjectNode;

/// What of the outcomes that an import brought no results can count.
final class Uncounted {
    private static final int MOST_METRICS = 20;

    private Uncounted() {}

    /// `{undeclared?: [{metric, events, nearest?}], unexposed?, beforeExposure?, outsideWindow?}`,
    /// the last three as numbers of events; empty if everything may count.
    ///
    /// @param declared the names of all metrics that the experiment says anything about
    static ObjectNode json(List<Stray> strays, Collection<String> declared) {
        var json = Json.object();
        strays.stream()
                .filter(stray -> !declared.contains(stray.metric()))
                .limit(MOST_METRICS)
                .forEach(stray -> {
                    var one =
                            json.withArray("undeclared")
                                    .addObject()
                                    .put("metric", stray.metric())
                                    .put("events", stray.events());
                    Nearest.to(stray.metric(), declared)
                            .ifPresent(near -> one.put("nearest", near));
                });
        put(json, "unexposed", strays, Stray::unexposed);
        put(json, "beforeExposure", strays, Stray::early);
        put(json, "outsideWindow", strays, Stray::outside);
        return json;
    }

    private static void put(
            ObjectNode json, String member, List<Stray> strays, ToLongFunction<Stray> count) {
        var events = strays.stream().mapToLong(count).sum();
        if (events > 0) {
            json.put(member, events);
        }
    }
}
