package assay.domain.experiment;

import assay.domain.Canonical;
import assay.domain.IsoTime;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.store.Events;
import assay.domain.store.Extract;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a conclusion rests on, so that anybody who has the events can draw it again: the frozen
/// design, digests of the data and of the looks, the engine, and the numbers.
///
/// `{$type, format, experiment, iteration, name, concludedAt, concludedBy, engine, verdict, winner,
/// override?, design, looks: {count, digest}, data: {watermark, types, digest, parts}, numbers,
/// digest}`. The digest at the end is over all the rest.
public record Certificate(ObjectNode json) {
    private static final String TYPE = "Certificate";
    private static final int FORMAT = 1;
    private static final String ENGINE =
            Objects.requireNonNullElse(
                    Certificate.class.getPackage().getImplementationVersion(), "unpackaged");

    /// Fields that say how an experiment ended, not how it was designed.
    private static final List<String> NOT_OF_DESIGN =
            List.of(
                    "results",
                    "winner",
                    "confidence",
                    "sampleSize",
                    "conversions",
                    "endedReason",
                    "status",
                    "iterations",
                    "endAt");

    /// Reads what somebody says is a certificate, or a reply of `do` that has one as its result.
    ///
    /// @throws Refused if it is none
    public static Certificate read(JsonNode given) {
        var json = given.path("result").isObject() ? given.get("result") : given;
        if (!json.path("$type").asString("").equals(TYPE)
                || !(json instanceof ObjectNode certificate)
                || !json.path("design").isObject()
                || !json.path("numbers").isObject()) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "This is not a certificate of a decision.",
                    "Give what $.Experiment.certificate(id) answers, as JSON.");
        }
        if (json.path("format").asInt(0) != FORMAT) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "This certificate has the format %s, and version %s of Assay reads the format %d."
                            .formatted(Quoted.of(json.path("format")), ENGINE, FORMAT),
                    "Verify it with the version that its member engine names.");
        }
        return new Certificate(certificate);
    }

    /// Issues one.
    ///
    /// @param at milliseconds since 1970
    /// @param design the experiment's document while it was running
    /// @param looks the counting ones before the conclusion
    /// @param ended what the conclusion makes of it: `winner`, `endedReason`
    static Certificate issue(
            Events events,
            String actor,
            long at,
            ObjectNode design,
            Readout readout,
            List<Events.Look> looks,
            Ended ended) {
        var extract = extract(readout, readout.watermark());
        var snapshot = events.snapshot(extract);
        var json = Json.object();
        json.put("$type", TYPE)
                .put("format", FORMAT)
                .put("experiment", readout.id())
                .put("iteration", readout.design().iteration())
                .put("name", design.path("name").asString(""))
                .put("concludedAt", IsoTime.text(at))
                .put("concludedBy", actor)
                .put("engine", ENGINE)
                .put("verdict", readout.decision().verdict().word())
                .put("winner", ended.winner().orElse(null));
        ended.override().ifPresent(reason -> json.put("override", reason));
        var frozen = design.deepCopy();
        frozen.remove(NOT_OF_DESIGN);
        json.set("design", frozen);
        json.putObject("looks").put("count", looks.size()).put("digest", digest(looks));
        var data = json.putObject("data");
        data.put("watermark", extract.watermark());
        extract.types().forEach(data.putArray("types")::add);
        data.put("digest", snapshot.digest());
        data.set("parts", parts(snapshot));
        json.set("numbers", numbers(readout, ended.winner()));
        return new Certificate(json.put("digest", Canonical.digest(json)));
    }

    /// How an experiment was ended.
    ///
    /// @param override the reason for a winner that the rule had not named
    record Ended(Optional<String> winner, Optional<String> override) {}

    private static Extract extract(Readout readout, long watermark) {
        var design = readout.design();
        var types = new LinkedHashSet<String>();
        Stream.of(List.of(design.primary()), design.guardrails(), design.secondary())
                .flatMap(List::stream)
                .forEach(metric -> metric.terms().forEach(term -> types.add(term.event())));
        design.leased().ifPresent(_ -> types.add(WorkUnits.ERROR));
        design.rule().cheaper().ifPresent(types::add);
        return new Extract(readout.id(), design.iteration(), List.copyOf(types), watermark);
    }

    private static ObjectNode parts(Extract.Snapshot snapshot) {
        var json = Json.object();
        snapshot.parts()
                .forEach((sort, part) ->
                        json.putObject(sort)
                                .put("count", part.count())
                                .put("digest", part.digest()));
        return json;
    }

    /// SHA-256 over what the decision rule needs of looks.
    private static String digest(List<Events.Look> looks) {
        var list = Json.array();
        for (var look : looks) {
            list.addObject()
                    .put("at", look.at())
                    .put("actor", look.actor())
                    .put("watermark", look.watermark())
                    .put("verdict", look.verdict())
                    .set("numbers", look.numbers());
        }
        return Canonical.digest(list);
    }

    /// The results without what depends on who reads them, or on other experiments.
    private static ObjectNode numbers(Readout readout, Optional<String> winner) {
        var numbers = readout.json("Concluded", winner);
        numbers.remove(List.of("next", "programme", "judge"));
        if (numbers.path("firedAt") instanceof ObjectNode fired) {
            fired.remove("watermark");
        }
        return numbers;
    }

    public String experiment() {
        return json.path("experiment").asString("");
    }

    public long iteration() {
        return json.path("iteration").asLong(1);
    }

    /// Milliseconds since 1970.
    public long at() {
        return IsoTime.parse(json.path("concludedAt").asString(""))
                .map(time -> time.toEpochMilli())
                .orElse(0L);
    }

    /// The version of the program that drew the conclusion.
    public String engine() {
        return json.path("engine").asString("");
    }

    /// The version of this program.
    public static String thisEngine() {
        return ENGINE;
    }

    /// True when the certificate is the one that its own digest was made for.
    public boolean isWhole() {
        var rest = json.deepCopy();
        rest.remove("digest");
        return json.path("digest").asString("").equals(Canonical.digest(rest));
    }

    /// The events that it is about.
    public Extract extract() {
        var types = json.path("data").path("types").valueStream().map(t -> t.asString("")).toList();
        return new Extract(
                experiment(), iteration(), types, json.path("data").path("watermark").asLong(0));
    }

    /// In which parts the data are not those that it is about.
    public List<String> changes(Extract.Snapshot now) {
        if (json.path("data").path("digest").asString("").equals(now.digest())) {
            return List.of();
        }
        var then = json.path("data").path("parts");
        var changes = new ArrayList<String>();
        var sorts = new LinkedHashSet<>(then.propertyNames());
        sorts.addAll(now.parts().keySet());
        for (var sort : sorts) {
            var count = then.path(sort).path("count").asLong(0);
            var part = now.parts().get(sort);
            if (part == null || part.count() != count) {
                changes.add(
                        "%s: %d then, %d now"
                                .formatted(sort, count, part == null ? 0 : part.count()));
            } else if (!part.digest().equals(then.path(sort).path("digest").asString(""))) {
                changes.add("%s: as many, %d, but not the same ones".formatted(sort, count));
            }
        }
        return changes.isEmpty() ? List.of("the order of the events") : changes;
    }

    /// The looks before the conclusion, out of all that are kept.
    public List<Events.Look> looks(List<Events.Look> kept) {
        return kept.stream()
                .filter(Events.Look::counts)
                .limit(json.path("looks").path("count").asLong(0))
                .toList();
    }

    /// True when these are the looks that it is about.
    public boolean isOf(List<Events.Look> looks) {
        return looks.size() == json.path("looks").path("count").asLong(-1)
                && digest(looks).equals(json.path("looks").path("digest").asString(""));
    }

    /// Draws the conclusion again.
    ///
    /// @param experiments the engine over the data that it is about and the looks, and nothing else
    /// @return which numbers come out otherwise
    public List<String> recompute(Experiments experiments) {
        var document = (ObjectNode) json.get("design").deepCopy();
        var readout = experiments.atEnd(experiment(), document);
        var winner = Optional.ofNullable(json.path("winner").stringValue(null));
        var again = numbers(readout, winner);
        var differences = new ArrayList<String>();
        compare("", json.get("numbers"), again, differences);
        var verdict = readout.decision().verdict().word();
        if (!verdict.equals(json.path("verdict").asString(""))) {
            differences.add("verdict: %s then, %s now".formatted(json.path("verdict"), verdict));
        }
        if (!winner.equals(readout.decision().winner())
                && !json.has("override")
                && winner.isPresent()) {
            differences.add("winner: %s without a reason".formatted(json.path("winner")));
        }
        return differences;
    }

    private static void compare(
            String path, JsonNode then, JsonNode now, List<String> differences) {
        if (then.isObject() && now.isObject()) {
            var names = new LinkedHashSet<>(then.propertyNames());
            names.addAll(now.propertyNames());
            names.forEach(name ->
                    compare(
                            path.isEmpty() ? name : path + "." + name,
                            then.path(name),
                            now.path(name),
                            differences));
        } else if (then instanceof ArrayNode
                && now instanceof ArrayNode
                && then.size() == now.size()) {
            for (var i = 0; i < then.size(); i++) {
                compare("%s[%d]".formatted(path, i), then.get(i), now.get(i), differences);
            }
        } else if (!Canonical.text(then).equals(Canonical.text(now))) {
            differences.add("%s: %s then, %s now".formatted(path, brief(then), brief(now)));
        }
    }

    private static String brief(JsonNode value) {
        var text = value.isMissingNode() ? "nothing" : value.toString();
        return text.length() <= 80 ? text : text.substring(0, 79) + "…";
    }

    /// Where in which of its parts another certificate says something else.
    public List<String> differencesFrom(Certificate other) {
        var differences = new ArrayList<String>();
        compare("", other.json, json, differences);
        return differences;
    }
}
