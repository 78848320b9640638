package assay.server.transfer;

import assay.domain.Caller;
import assay.domain.JsonTree;
import assay.domain.store.DataFolder;
import assay.domain.store.Exports;
import assay.domain.store.Transaction;
import assay.domain.work.Ids;
import assay.domain.work.Looks;
import assay.domain.work.UnitOfWork;
import assay.server.cli.Settings;
import assay.server.cli.Usage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes the results, the assignments or the events of an experiment.
public final class ExportVerb {
    private static final int BUFFER = 1 << 16;
    private static final List<String> ASSIGNMENTS =
            List.of("subject", "variant", "cohort", "at", "several", "attributes");
    private static final List<String> EVENTS =
            List.of("subject", "metric", "value", "at", "eventId", "properties", "variant");

    private final DataFolder folder;
    private final Caller caller;
    private final InstantSource clock = InstantSource.system();

    public ExportVerb(DataFolder folder, Caller caller) {
        this.folder = folder;
        this.caller = caller;
    }

    /// Exports one thing. Results are a look, which is logged.
    ///
    /// @param experiment id or slug
    /// @param what `results`, `assignments` or `events`
    /// @throws assay.domain.Refused if there is no such experiment
    public void run(String experiment, String what, Settings settings, OutputStream out)
            throws IOException, InterruptedException {
        var format = settings.format().map(Format::of).orElse(Format.JSON);
        var buffered = new BufferedOutputStream(out, BUFFER);
        switch (what) {
            case "results" -> results(experiment, format, buffered);
            case "assignments" ->
                    stream(
                            experiment,
                            new Rows(format, ASSIGNMENTS, buffered),
                            Exports::assignments);
            case "events" ->
                    stream(experiment, new Rows(format, EVENTS, buffered), Exports::events);
            default ->
                    throw new Usage(
                            "'" + what + "' cannot be exported.",
                            "Write assay export ID results, assignments or events.");
        }
        buffered.flush();
    }

    private UnitOfWork unit(Transaction transaction) {
        return new UnitOfWork(folder.nouns(), transaction, caller, clock.instant(), Ids.NONE);
    }

    private void results(String experiment, Format format, OutputStream out)
            throws IOException, InterruptedException {
        ObjectNode results;
        UnitOfWork unit;
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            unit = unit(transaction);
            results = unit.results(experiment);
        }
        new Looks(folder).log(caller, unit.looks(), true);
        if (format == Format.JSON) {
            out.write((results.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
            return;
        }
        var rows = ofResults(results);
        var columns = new LinkedHashSet<String>();
        rows.forEach(row -> columns.addAll(row.propertyNames()));
        var writer = new Rows(format, new ArrayList<>(columns), out);
        rows.forEach(writer);
        writer.end();
    }

    /// A row for each metric and arm, with what its comparison says.
    private static List<ObjectNode> ofResults(ObjectNode results) {
        var rows = new ArrayList<ObjectNode>();
        for (var role : List.of("primary", "guardrails", "secondary")) {
            var part = results.path(role);
            if (part.isArray()) {
                part.forEach(metric -> ofMetric(role, metric, rows));
            } else if (part.isObject()) {
                ofMetric(role, part, rows);
            }
        }
        return rows;
    }

    private static void ofMetric(String role, JsonNode metric, List<ObjectNode> rows) {
        for (var arm : metric.path("arms")) {
            var row =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("role", role)
                            .put("metric", metric.path("metric").asString(""));
            flat("", arm, row);
            for (var comparison : metric.path("comparisons")) {
                if (comparison.path("arm").equals(arm.path("key"))) {
                    flat("", comparison, row);
                }
            }
            row.remove("arm");
            rows.add(row);
        }
    }

    /// Members inside members get names with dots.
    private static void flat(String prefix, JsonNode json, ObjectNode row) {
        json.properties()
                .forEach(member -> {
                    if (member.getValue().isObject()) {
                        flat(prefix + member.getKey() + ".", member.getValue(), row);
                    } else {
                        row.set(prefix + member.getKey(), member.getValue());
                    }
                });
    }

    /// Reads the rows of an iteration.
    @FunctionalInterface
    private interface Reading {
        void of(Exports exports, String experiment, long iteration, Consumer<ObjectNode> taker);
    }

    private void stream(String experiment, Rows rows, Reading reading)
            throws InterruptedException, IOException {
        try (var transaction = folder.begin(caller.tenant(), Transaction.Mode.READ)) {
            var object = unit(transaction).experiment(experiment);
            reading.of(
                    new Exports(transaction),
                    object.id(),
                    object.document().path("iteration").asLong(1),
                    rows);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        rows.end();
    }

    /// Rows as they are written, one by one.
    private static final class Rows implements Consumer<ObjectNode> {
        private final Format format;
        private final List<String> columns;
        private final OutputStream out;
        private long written;

        Rows(Format format, List<String> columns, OutputStream out) {
            this.format = format;
            this.columns = columns;
            this.out = out;
        }

        @Override
        public void accept(ObjectNode row) {
            begin();
            switch (format) {
                case CSV -> write(Csv.line(columns.stream().map(name -> cell(row, name)).toList()));
                case JSONL -> write(JsonTree.text(row) + "\n");
                case JSON -> write((written == 0 ? "" : ",\n") + JsonTree.text(row));
            }
            written++;
        }

        private void begin() {
            if (written == 0 && format == Format.CSV) {
                write(Csv.line(columns));
            } else if (written == 0 && format == Format.JSON) {
                write("[\n");
            }
        }

        void end() {
            if (written == 0) {
                begin();
            }
            if (format == Format.JSON) {
                write("\n]\n");
            }
        }

        private static String cell(ObjectNode row, String name) {
            var value = row.path(name);
            return value.isMissingNode() || value.isNull()
                    ? ""
                    : value.isString() ? value.stringValue() : JsonTree.text(value);
        }

        private void write(String text) {
            try {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
