package assay.server.transfer;

import assay.domain.Caller;
import assay.domain.Fingerprint;
import assay.domain.Quoted;
import assay.domain.store.DataFolder;
import assay.domain.work.Importing;
import assay.server.cli.Settings;
import assay.server.cli.Usage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads a file of events into the store. Lines that cannot be are told and left out; the same file
/// again changes nothing.
public final class ImportVerb {
    private static final int BATCH = 10_000;
    private static final int MOST_TOLD = 20;
    private static final int FINGERPRINT_DIGITS = 16;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Settings settings;
    private final InputStream in;
    private final PrintStream err;
    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final long start = System.nanoTime();
    private long lines;
    private long appended;
    private long duplicates;
    private long refused;
    private long told;

    /// @param in where the file `-` comes from
    /// @param err where progress and refused lines go
    public ImportVerb(Settings settings, InputStream in, PrintStream err) {
        this.settings = settings;
        this.in = in;
        this.err = err;
    }

    /// Imports a file.
    ///
    /// @return `{lines, appended, duplicates, refused, uncounted?: {undeclared, unexposed,
    ///   beforeExposure, outsideWindow}, refusals?: [{line, error}]}`
    /// @throws assay.domain.Refused if nothing of it can be imported
    public ObjectNode run(String file, DataFolder folder, Caller caller)
            throws IOException, InterruptedException {
        var format = Format.ofFile(settings.format(), file);
        var uncounted = JsonNodeFactory.instance.objectNode();
        var source = file.equals("-") ? "standard input" : Path.of(file).getFileName() + "";
        try (var text = open(file);
                var importing =
                        new Importing(
                                folder,
                                caller,
                                InstantSource.system(),
                                settings.experiment(),
                                settings.metric())) {
            bring(importing, Lines.of(format, text, name(file)));
            importing.finish(source);
            uncounted = importing.uncounted();
        }
        err.println(progress());
        tell(uncounted);
        var whole =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("lines", lines)
                        .put("appended", appended)
                        .put("duplicates", duplicates)
                        .put("refused", refused);
        if (!uncounted.isEmpty()) {
            whole.set("uncounted", uncounted);
        }
        return whole.setAll(report);
    }

    private BufferedReader open(String file) throws IOException {
        if (file.equals("-")) {
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        var path = Path.of(file);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new Usage(
                    "There is no readable file '" + file + "'.",
                    "Name a CSV or JSON lines file, or write - and give it on standard input.");
        }
        // Decoded leniently: one wrong byte spoils a name, not the import.
        return new BufferedReader(
                new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8));
    }

    /// Tells the lines of this file from those of any other, but not from those of its copies.
    private static String name(String file) throws IOException {
        if (file.equals("-")) {
            return UUID.randomUUID().toString();
        }
        var digest = Fingerprint.sha256();
        try (var bytes = Files.newInputStream(Path.of(file))) {
            var buffer = new byte[1 << 16];
            for (var read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, FINGERPRINT_DIGITS);
    }

    /// While one batch is written the next one is read.
    private void bring(Importing importing, Lines from) throws IOException, InterruptedException {
        try (var writer = Executors.newSingleThreadExecutor()) {
            var batch = read(from);
            while (!batch.isEmpty()) {
                var written = batch;
                var done = writer.submit(() -> importing.bring(written));
                batch = read(from);
                count(written.size(), outcome(done));
            }
        }
    }

    private static List<Importing.Line> read(Lines from) throws IOException {
        var batch = new ArrayList<Importing.Line>();
        while (batch.size() < BATCH) {
            var line = from.next();
            if (line.isEmpty()) {
                return batch;
            }
            batch.add(line.get());
        }
        return batch;
    }

    private static Importing.Batch outcome(Future<Importing.Batch> done)
            throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private void count(int size, Importing.Batch done) {
        var before = lines;
        lines += size;
        appended += done.appended();
        duplicates += done.duplicates();
        refused += done.leftOut().size();
        done.leftOut().forEach(this::tell);
        if (before == 0 || System.nanoTime() - told > PROGRESS_NANOS) {
            told = System.nanoTime();
            err.println(progress());
        }
    }

    private void tell(Importing.LeftOut left) {
        var list = report.withArray("refusals");
        if (list.size() < MOST_TOLD) {
            list.addObject().put("line", left.line()).set("error", left.why().toJson());
            err.println(
                    "line %d: %s %s"
                            .formatted(left.line(), left.why().problem(), left.why().repair()));
        }
    }

    private void tell(ObjectNode uncounted) {
        for (var one : uncounted.path("undeclared")) {
            var nearest =
                    one.has("nearest")
                            ? "; did you mean %s?".formatted(Quoted.of(one.path("nearest")))
                            : "";
            err.println(
                    "undeclared metric %s, events: %,d%s"
                            .formatted(
                                    Quoted.of(one.path("metric")),
                                    one.path("events").longValue(),
                                    nearest));
        }
        tell(uncounted, "unexposed", "their subject was never exposed");
        tell(uncounted, "beforeExposure", "they came before the exposure of their subject");
        tell(uncounted, "outsideWindow", "they came outside the window of their metric");
    }

    private void tell(ObjectNode uncounted, String member, String why) {
        if (uncounted.has(member)) {
            err.println(
                    "not counted, because %s: %,d"
                            .formatted(why, uncounted.path(member).longValue()));
        }
    }

    private String progress() {
        var seconds = Math.max(1e-9, (System.nanoTime() - start) / 1e9);
        return "%,d lines, %,d new events, %,d there already, %,d refused; %,.0f lines/s"
                .formatted(lines, appended, duplicates, refused, lines / seconds);
    }
}
