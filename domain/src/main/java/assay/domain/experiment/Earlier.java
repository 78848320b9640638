package assay.domain.experiment;

import assay.domain.noun.Json;
import assay.domain.store.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the decision rule needs of the counting looks of an iteration so far. It is as large after
/// a thousand looks as after the first.
///
/// @param looks how many there were
/// @param least per question the smallest number that any of them saw: `{p, good, secondary, srm}`
///   as in the numbers of a look
/// @param planned those that the rule had planned, oldest first
/// @param fired the first at which the rule had fired
record Earlier(int looks, ObjectNode least, List<Events.Look> planned, Optional<Fired> fired) {
    /// None so far.
    static final Earlier NONE = new Earlier(0, Json.object(), List.of(), Optional.empty());

    private static final List<String> SMALLEST = List.of("p", "good", "secondary");
    private static final String RATIO = "srm";
    private static final String STAGE = "stage";

    /// A look at which the rule said to ship.
    ///
    /// @param look which one, counted from 1
    /// @param at milliseconds since 1970
    /// @param watermark the last event that it saw
    record Fired(int look, long at, long watermark) {}

    /// Of these looks, oldest first.
    static Earlier of(List<Events.Look> looks) {
        var all = NONE;
        for (var look : looks) {
            all = all.plus(look);
        }
        return all;
    }

    /// Of the logged looks of an iteration.
    static Earlier read(Events events, String experiment, long iteration) {
        return logged(events, experiment, iteration).earlier();
    }

    /// Keeps what is known of the logged looks of an iteration, so that the next one who reads it
    /// need not go through them.
    static void keep(Events events, String experiment, long iteration) {
        var logged = logged(events, experiment, iteration);
        if (logged.isNew()) {
            events.keepLooked(
                    experiment,
                    iteration,
                    new Events.Looked(logged.seq(), logged.earlier().json()));
        }
    }

    /// @param seq the number of the last look that it contains
    /// @param isNew true when not all of it is kept
    private record Logged(long seq, Earlier earlier, boolean isNew) {}

    private static Logged logged(Events events, String experiment, long iteration) {
        var kept = events.looked(experiment, iteration);
        var seq = kept.map(Events.Looked::seq).orElse(0L);
        var after = events.looksAfter(experiment, iteration, seq);
        var all = kept.map(looked -> of(looked.state())).orElse(NONE);
        for (var look : after) {
            all = look.counts() ? all.plus(look) : all;
        }
        return new Logged(after.isEmpty() ? seq : after.getLast().seq(), all, !after.isEmpty());
    }

    /// With one look more, which counts.
    Earlier plus(Events.Look look) {
        var smallest = least.deepCopy();
        for (var name : SMALLEST) {
            if (look.numbers().path(name) instanceof ObjectNode numbers) {
                lower(smallest.withObject("/" + name), numbers);
            }
        }
        lowerRatio(smallest.withObject("/" + RATIO), look.numbers().path(RATIO));
        return new Earlier(
                looks + 1,
                smallest,
                look.numbers().has(STAGE) ? with(planned, look) : planned,
                fired.or(() ->
                        look.verdict().equals(Decision.Verdict.SHIP.word())
                                ? Optional.of(new Fired(looks + 1, look.at(), look.watermark()))
                                : Optional.empty()));
    }

    /// Looks of before there were cohorts hold one number.
    private static void lowerRatio(ObjectNode into, JsonNode ratio) {
        if (ratio.isNumber()) {
            lower(into, Json.object().put("1", ratio.doubleValue()));
        } else if (ratio instanceof ObjectNode cohorts) {
            lower(into, cohorts);
        }
    }

    private static void lower(ObjectNode into, ObjectNode numbers) {
        for (var number : numbers.properties()) {
            if (number.getValue() instanceof ObjectNode several) {
                lower(
                        into.path(number.getKey()) instanceof ObjectNode known
                                ? known
                                : into.putObject(number.getKey()),
                        several);
            } else {
                into.put(
                        number.getKey(),
                        Math.min(
                                into.path(number.getKey()).asDouble(1),
                                number.getValue().asDouble(1)));
            }
        }
    }

    private static List<Events.Look> with(List<Events.Look> looks, Events.Look look) {
        var more = new ArrayList<>(looks);
        more.add(look);
        return List.copyOf(more);
    }

    /// The smallest p-value of a treatment on the primary metric, 1 if none was seen.
    double leastP(String arm) {
        return least.path("p").path(arm).asDouble(1);
    }

    /// The same of looks at which it was on the good side.
    double leastGoodP(String arm) {
        return least.path("good").path(arm).asDouble(1);
    }

    /// The same on a secondary metric.
    double leastP(String metric, String arm) {
        return least.path("secondary").path(metric).path(arm).asDouble(1);
    }

    /// The smallest p-value of the sample-ratio check within a cohort.
    double leastRatio(int cohort) {
        return least.path(RATIO).path(Integer.toString(cohort)).asDouble(1);
    }

    private ObjectNode json() {
        var json = Json.object().put("looks", looks);
        json.set("least", least);
        var stages = json.putArray("planned");
        for (var look : planned) {
            stages.addObject()
                    .put("seq", look.seq())
                    .put("at", look.at())
                    .put("actor", look.actor())
                    .put("watermark", look.watermark())
                    .put("verdict", look.verdict())
                    .set("numbers", look.numbers());
        }
        fired.ifPresent(one ->
                json.putObject("fired")
                        .put("look", one.look())
                        .put("at", one.at())
                        .put("watermark", one.watermark()));
        return json;
    }

    private static Earlier of(ObjectNode json) {
        var fired = json.path("fired");
        return new Earlier(
                json.path("looks").intValue(),
                (ObjectNode) json.path("least"),
                json.path("planned")
                        .valueStream()
                        .map(look ->
                                new Events.Look(
                                        look.path("seq").longValue(),
                                        look.path("at").longValue(),
                                        look.path("actor").stringValue(),
                                        look.path("watermark").longValue(),
                                        true,
                                        look.path("verdict").stringValue(),
                                        (ObjectNode) look.path("numbers")))
                        .toList(),
                fired.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(
                                new Fired(
                                        fired.path("look").intValue(),
                                        fired.path("at").longValue(),
                                        fired.path("watermark").longValue())));
    }
}
