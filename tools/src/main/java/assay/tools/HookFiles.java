package assay.tools;

import assay.domain.Caller;
import assay.domain.Fingerprint;
import assay.domain.JsonTree;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.domain.store.Notes;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.UnitOfWork;
import assay.domain.work.UnitOfWork.Registration;
import assay.scripting.Host;
import assay.scripting.Limits;
import assay.scripting.Outcome;
import assay.scripting.Sandbox;
import assay.scripting.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The hooks that a data folder brings along: each file of `hooks/*.js` is a script that registers
/// hooks and can do nothing else. They are brought into a tenant before its first script, and again
/// when a file has changed.
final class HookFiles {
    private static final String UNREADABLE = "unreadable";

    /// Whoever wrote the files runs the server, so this only ends what would never end.
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(30), 200_000_000, 1L << 30, 1_000, 10_000, 100_000);

    private final Path files;
    private final DataFolder folder;
    private final Sandbox sandbox;
    private final Ids ids;

    /// Tenant -> the state of the folder that it has.
    private final Map<String, String> brought = new ConcurrentHashMap<>();

    HookFiles(DataFolder folder, Sandbox sandbox, Ids ids) {
        this.files = folder.path().resolve("hooks");
        this.folder = folder;
        this.sandbox = sandbox;
        this.ids = ids;
    }

    /// Brings a tenant's hooks up to date with the files. A file that is broken is logged, changes
    /// nothing, and is tried again once it has changed.
    void bringIn(Caller caller, Instant now) throws InterruptedException {
        if (caller.readOnly()) {
            return;
        }
        var scripts = scripts();
        var state = state(scripts);
        if (state.equals(brought.get(caller.tenant()))) {
            return;
        }
        var sources = sources(scripts);
        var print = print(sources);
        if (!print.equals(note(caller).path("print").asString(""))) {
            bringIn(caller, now, sources, print);
        }
        brought.put(caller.tenant(), state);
    }

    private ObjectNode note(Caller caller) throws InterruptedException {
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            return note(transaction);
        }
    }

    private static ObjectNode note(Transaction transaction) {
        return new Notes(transaction)
                .get(UnitOfWork.HOOK_FILES)
                .map(json -> (ObjectNode) JsonTree.read(json))
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private void bringIn(
            Caller caller, Instant now, SortedMap<String, Optional<String>> sources, String print)
            throws InterruptedException {
        var read = new TreeMap<String, FileRead>();
        sources.forEach((file, source) -> read.put(file, read(file, source, now)));
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.WRITE)) {
            var before = note(transaction);
            var whole = new TreeMap<String, List<Registration>>();
            for (var file : before.path("files")) {
                if (!read.containsKey(file.asString(""))) {
                    whole.put(file.asString(""), List.of());
                }
            }
            read.forEach((file, found) -> {
                if (found.broken().isEmpty()) {
                    whole.put(file, found.registrations());
                }
            });
            // All that goes goes first: another file may register the same.
            whole.forEach((file, registered) ->
                    work(transaction, caller, file, now).forgetFile(file, registered));
            whole.forEach((file, registered) ->
                    work(transaction, caller, file, now).registerFile(file, registered));
            var note = JsonNodeFactory.instance.objectNode().put("print", print);
            read.keySet().forEach(note.putArray("files")::add);
            var broken = note.putArray("broken");
            read.values().forEach(found -> found.broken().ifPresent(broken::add));
            new Notes(transaction).put(UnitOfWork.HOOK_FILES, note.toString());
            transaction.commit();
        }
    }

    private UnitOfWork work(Transaction transaction, Caller caller, String file, Instant now) {
        var registrant = new Caller(caller.tenant(), "hooks/" + file, false);
        return new UnitOfWork(folder.nouns(), transaction, registrant, now, ids);
    }

    /// What a file registers, or why it does not.
    private record FileRead(List<Registration> registrations, Optional<ObjectNode> broken) {}

    private FileRead read(String file, Optional<String> source, Instant now) {
        if (source.isEmpty()) {
            return broken(file, "It cannot be read as UTF-8 text.", OptionalInt.empty());
        }
        var collecting = new Collecting(folder.nouns());
        var outcome =
                sandbox.run(
                        new Script(
                                source.get(),
                                "null",
                                Functions.registrationsOnly(folder.nouns()),
                                now,
                                0,
                                LIMITS),
                        collecting);
        if (outcome instanceof Outcome.Returned) {
            return new FileRead(collecting.registrations, Optional.empty());
        }
        if (outcome instanceof Outcome.Cancelled) {
            throw Reading.cancelled();
        }
        var error =
                Failures.of(
                                outcome,
                                new Order.Sent(source.get(), MissingNode.getInstance()),
                                folder.nouns(),
                                List.of())
                        .path("error");
        if (error.path("reason").asString("").equals(Reason.INTERNAL.wireName())) {
            // Not the file's fault, so it is tried again with the next call.
            throw new Refused(
                    Reason.INTERNAL,
                    "hooks/%s could not be read: %s"
                            .formatted(file, error.path("message").asString("")),
                    "Send the call again: nothing of it was done.");
        }
        return broken(
                file,
                error.path("message").asString(""),
                error.has("line")
                        ? OptionalInt.of(error.path("line").intValue())
                        : OptionalInt.empty());
    }

    private static FileRead broken(String file, String message, OptionalInt line) {
        var broken =
                JsonNodeFactory.instance.objectNode().put("file", file).put("message", message);
        line.ifPresent(number -> broken.put("line", number));
        var place = line.isPresent() ? ":" + line.getAsInt() : "";
        System.getLogger("assay.tools")
                .log(Level.WARNING, "hooks/" + file + place + " registers nothing: " + message);
        return new FileRead(List.of(), Optional.of(broken));
    }

    /// The other side of a `$` that only registers.
    private static final class Collecting implements Host {
        private final Nouns nouns;
        private final List<Registration> registrations = new ArrayList<>();

        Collecting(Nouns nouns) {
            this.nouns = nouns;
        }

        @Override
        public Answer call(String function, String arguments) {
            try {
                var dot = function.indexOf('.');
                var registration =
                        Registering.read(
                                nouns.require(function.substring(0, Math.max(0, dot))),
                                function.substring(dot + 1),
                                (ArrayNode) ScriptJson.read(arguments));
                registration.ifPresent(registrations::add);
                return new Answer.Value("null");
            } catch (Refused refused) {
                return new Answer.Refusal(refused.toJson().toString());
            }
        }
    }

    /// What tells one state of the folder from another without reading the files.
    private static String state(List<Path> scripts) {
        var state = new StringBuilder();
        for (var file : scripts) {
            state.append(file.getFileName()).append('|').append(stamp(file)).append('\n');
        }
        return state.toString();
    }

    private static String stamp(Path file) {
        try {
            return Files.size(file) + "|" + Files.getLastModifiedTime(file);
        } catch (IOException unreadable) {
            return UNREADABLE;
        }
    }

    /// @throws UncheckedIOException if the folder is there and cannot be listed
    private List<Path> scripts() {
        if (!Files.isDirectory(files)) {
            return List.of();
        }
        try (var list = Files.list(files)) {
            return list.filter(file -> file.getFileName().toString().endsWith(".js"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The text of each file by its name; empty for one that cannot be read.
    private static SortedMap<String, Optional<String>> sources(List<Path> scripts) {
        var sources = new TreeMap<String, Optional<String>>();
        for (var file : scripts) {
            sources.put(file.getFileName().toString(), text(file));
        }
        return sources;
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /// "" for no files, which is what a tenant has that never had any.
    private static String print(SortedMap<String, Optional<String>> sources) {
        if (sources.isEmpty()) {
            return "";
        }
        var all = new StringBuilder();
        sources.forEach((file, source) ->
                all.append(file).append('\0').append(source.orElse(UNREADABLE)).append('\0'));
        return Fingerprint.of(all.toString());
    }
}
