package assay.domain.noun;

import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// Reads the files that declare nouns: the built-in ones and those in a user's folder.
final class NounFiles {
    private static final List<String> BUILT_IN =
            List.of(
                    "Organization",
                    "Contact",
                    "Deal",
                    "Activity",
                    "Experiment",
                    "FeatureFlag",
                    "Event",
                    "Metric",
                    "Funnel",
                    "Goal",
                    "Campaign",
                    "Segment",
                    "Agent",
                    "Workflow",
                    "Recipe",
                    "Hook",
                    "Prompt",
                    "Dataset",
                    "Judge",
                    "Run");

    /// Types that `fetch` and `$` answer to without there being such a noun.
    private static final Set<String> TAKEN =
            Set.of("Schema", "Status", "History", "Session", "Subject");

    private final SequencedMap<String, Noun> nouns = new LinkedHashMap<>();
    private final Map<String, String> files = new HashMap<>();

    private NounFiles() {}

    static Nouns read(Optional<Path> userFolder) {
        var files = new NounFiles();
        for (var name : BUILT_IN) {
            files.nouns.put(name, Definition.parse(name, builtIn(name)));
        }
        userFolder.filter(Files::isDirectory).ifPresent(files::addAll);
        return files.nouns();
    }

    private Nouns nouns() {
        try {
            return new Nouns(nouns);
        } catch (Refused refused) {
            var noun = refused.toJson().path("noun").asString("");
            throw inFile(files.getOrDefault(noun, noun + ".json"), refused);
        }
    }

    private static ObjectNode builtIn(String name) {
        try (var stream = Nouns.class.getResourceAsStream("/assay/nouns/" + name + ".json")) {
            if (stream == null) {
                throw new IllegalStateException("No resource declares " + name);
            }
            var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return (ObjectNode) Json.read(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void addAll(Path folder) {
        try (var files = Files.list(folder)) {
            files.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .forEach(this::addFile);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void addFile(Path file) {
        var fileName = file.getFileName().toString();
        try {
            var json = Json.read(Files.readString(file));
            if (!(json instanceof ObjectNode object)) {
                throw refused(
                        "It is not a JSON object.", "Write {\"Name\": {\"field\": \"string\"}}.");
            }
            addAll(fileName, fileName.substring(0, fileName.length() - ".json".length()), object);
        } catch (IOException | JacksonException unreadable) {
            throw refused(
                    "%s: It is not readable as JSON: %s."
                            .formatted(fileName, Quoted.of(firstLine(unreadable))),
                    "Correct the file, or take it out of the folder.");
        } catch (Refused refused) {
            throw inFile(fileName, refused);
        }
    }

    /// One noun named by its file, or an object from names to nouns.
    private void addAll(String fileName, String only, ObjectNode json) {
        var several = new LinkedHashMap<String, ObjectNode>();
        for (var member : json.properties()) {
            if (member.getValue() instanceof ObjectNode noun && !member.getKey().startsWith("$")) {
                several.put(member.getKey(), noun);
            }
        }
        if (several.isEmpty() || several.size() < json.size()) {
            add(fileName, only, json);
        } else {
            several.forEach((name, noun) -> add(fileName, name, noun));
        }
    }

    private void add(String fileName, String name, ObjectNode definition) {
        if (TAKEN.contains(name)) {
            throw refused("'%s' is a word of Assay's own.".formatted(name), "Use another name.");
        }
        for (var other : nouns.keySet()) {
            if (other.equalsIgnoreCase(name)) {
                throw refused(
                        "There is a noun %s already.".formatted(Quoted.of(other)),
                        "Use another name: a noun is declared once, and names differ by more than"
                                + " capitals.");
            }
        }
        nouns.put(name, Definition.parse(name, definition));
        files.put(name, fileName);
    }

    private static Refused inFile(String file, Refused refused) {
        var located =
                new Refused(refused.reason(), file + ": " + refused.getMessage(), refused.repair());
        refused.field().ifPresent(located::field);
        return located;
    }

    private static Refused refused(String problem, String repair) {
        return new Refused(Reason.INVALID_VALUE, problem, repair);
    }

    private static String firstLine(Exception failure) {
        return failure instanceof JacksonException json
                ? json.getOriginalMessage()
                : String.valueOf(failure.getMessage());
    }
}
