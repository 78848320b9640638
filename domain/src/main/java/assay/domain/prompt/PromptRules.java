package assay.domain.prompt;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Json;
import assay.domain.noun.Nouns;
import assay.domain.noun.Rules;
import assay.domain.noun.Verb;
import assay.domain.store.Objects;
import assay.domain.store.StoredObject;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// A version of a prompt is told by its content, and keeps it.
public final class PromptRules implements Rules {
    private static final List<String> FROZEN =
            List.of("template", "messages", "model", "parameters", "parent");
    private static final int LONGEST_FAMILY = 60;

    private final Nouns nouns;
    private final Objects objects;

    public PromptRules(Nouns nouns, Objects objects) {
        this.nouns = nouns;
        this.objects = objects;
    }

    @Override
    public void complete(ObjectNode data, ObjectNode next) {
        if (next.hasNonNull("number")) {
            return;
        }
        var content = PromptContent.of(next);
        var parent = objects.get(next.path("parent").asString(""));
        var family =
                parent.map(version -> version.document().path("family").asString(""))
                        .orElseGet(() -> family(next.path("name").asString("")));
        var versions = objects.inOrder(nouns.require(Prompts.PROMPT), "family", family);
        if (parent.isEmpty() && !versions.isEmpty()) {
            throw taken(versions, family, content.hash());
        }
        versions.stream()
                .filter(version ->
                        version.document().path("hash").asString("").equals(content.hash()))
                .findFirst()
                .ifPresent(version -> {
                    throw sameContent(version);
                });
        var number =
                1
                        + versions.stream()
                                .mapToInt(one -> one.document().path("number").asInt(0))
                                .max()
                                .orElse(0);
        next.put("family", family)
                .put("number", number)
                .put("key", family + "@" + number)
                .put("hash", content.hash());
        content.variables().forEach(next.putArray("variables")::add);
        var warnings = content.warnings();
        if (!warnings.isEmpty()) {
            warnings.forEach(next.putArray("warnings")::add);
        }
    }

    /// The name in lower case, words joined by hyphens.
    private static String family(String name) {
        var family = new StringBuilder();
        name.toLowerCase(Locale.ROOT)
                .codePoints()
                .forEach(c -> {
                    if (Character.isLetterOrDigit(c)) {
                        family.appendCodePoint(c);
                    } else if (!family.isEmpty() && family.charAt(family.length() - 1) != '-') {
                        family.append('-');
                    }
                });
        var end =
                family.offsetByCodePoints(
                        0, Math.min(LONGEST_FAMILY, family.codePointCount(0, family.length())));
        var text = family.substring(0, end);
        return text.endsWith("-")
                ? text.substring(0, text.length() - 1)
                : text.isEmpty() ? "prompt" : text;
    }

    private static Refused taken(List<StoredObject> versions, String family, String hash) {
        for (var version : versions) {
            if (version.document().path("hash").asString("").equals(hash)) {
                return sameContent(version);
            }
        }
        var newest = versions.getLast();
        return new Refused(
                        Reason.NOT_UNIQUE,
                        "There is a prompt family %s already; its newest version is %s."
                                .formatted(
                                        Quoted.of(family),
                                        newest.document().path("key").asString("")),
                        "Make its next version with $.Prompt.version('%s', {template: …}), or choose another name."
                                .formatted(newest.id()))
                .field("name")
                .with("existingId", Json.text(newest.id()));
    }

    private static Refused sameContent(StoredObject version) {
        return new Refused(
                        Reason.NOT_UNIQUE,
                        "Version %s has just this content."
                                .formatted(version.document().path("key").asString("")),
                        "Use %s, or change the content.".formatted(Quoted.of(version.id())))
                .field("name")
                .with("existingId", Json.text(version.id()));
    }

    @Override
    public void writing(
            Verb verb, String id, ObjectNode current, ObjectNode next, ObjectNode sent) {
        for (var field : FROZEN) {
            if (!java.util.Objects.equals(current.get(field), next.get(field))) {
                throw changed(field, id);
            }
        }
    }

    private static Refused changed(String field, String id) {
        if (field.equals("parent")) {
            return new Refused(
                            Reason.ILLEGAL_TRANSITION,
                            "A version of a prompt never changes its parent.",
                            "Leave parent out, or make a version of that prompt with $.Prompt.version.")
                    .field(field);
        }
        return new Refused(
                        Reason.ILLEGAL_TRANSITION,
                        "A version of a prompt never changes its %s.".formatted(field),
                        "Make the next version with $.Prompt.version('%s', {%s: …})."
                                .formatted(id, field))
                .field(field);
    }

    @Override
    public String insteadOf(String computed) {
        return "Leave %s out: it follows from name and content.".formatted(computed);
    }
}
