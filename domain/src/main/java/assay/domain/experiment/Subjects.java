package assay.domain.experiment;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Who is to be assigned by one call, in the order of the call.
///
/// @param isList true when the call brought a list, and gets one back
/// @param expose false when they are only asked about
record Subjects(List<Subject> all, boolean isList, boolean expose) {
    private static final Set<String> OPTIONS = Set.of("expose", "attributes");
    private static final Set<String> MEMBERS = Set.of("subject", "attributes");

    /// One of them.
    ///
    /// @param attributes an object, or nothing
    record Subject(String name, JsonNode attributes) {}

    /// Reads the arguments of `assign`.
    ///
    /// @param subjects a subject or a list of them; each is a text or `{subject, attributes}`
    /// @param options `{attributes, expose}`; attributes are those of every subject that brings
    ///   none
    static Subjects of(JsonNode subjects, JsonNode options) {
        requireKnown(
                options,
                OPTIONS,
                "assign has no option %s.",
                "Send {attributes, expose}, or nothing.");
        if (subjects.isMissingNode()) {
            throw Enrolment.noSubject(
                    "assign needs a subject.", "assign(id, subject) or assign(id, [subjects])");
        }
        var common = attributes(options.path("attributes"));
        var all = new ArrayList<Subject>();
        if (subjects.isArray()) {
            Intake.requireBatch(subjects.size(), "subjects");
            subjects.forEach(subject -> all.add(subject(subject, common)));
        } else {
            all.add(subject(subjects, common));
        }
        return new Subjects(all, subjects.isArray(), expose(options.path("expose")));
    }

    private static Subject subject(JsonNode given, JsonNode common) {
        if (given instanceof ObjectNode object && object.has("subject")) {
            requireKnown(
                    object, MEMBERS, "A subject has no member %s.", "Send {subject, attributes}.");
            return new Subject(
                    Outcomes.name("subject", object.get("subject")),
                    object.hasNonNull("attributes")
                            ? attributes(object.get("attributes"))
                            : common);
        }
        if (given.isObject()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not a subject.".formatted(Quoted.of(given)),
                            "Send a subject as a text, or as {subject, attributes}.")
                    .field("subject");
        }
        return new Subject(Outcomes.name("subject", given), common);
    }

    /// @throws Refused if they are no object
    static JsonNode attributes(JsonNode given) {
        if (given.isMissingNode() || given.isNull()) {
            return MissingNode.getInstance();
        }
        if (!given.isObject()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not valid for attributes.".formatted(Quoted.of(given)),
                            "Send attributes as an object such as {plan: 'pro'}.")
                    .field("attributes");
        }
        return given;
    }

    private static boolean expose(JsonNode expose) {
        if (!expose.isMissingNode() && !expose.isNull() && !expose.isBoolean()) {
            throw new Refused(
                            Reason.INVALID_VALUE,
                            "%s is not valid for expose.".formatted(Quoted.of(expose)),
                            "Send expose as false to only ask what the subject would get.")
                    .field("expose");
        }
        return expose.asBoolean(true);
    }

    private static void requireKnown(
            JsonNode json, Set<String> known, String problem, String repair) {
        for (var member : json.propertyNames()) {
            if (!known.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD, problem.formatted(Quoted.of(member)), repair)
                        .field(member);
            }
        }
    }

    List<String> names() {
        return all.stream().map(Subject::name).toList();
    }
}
