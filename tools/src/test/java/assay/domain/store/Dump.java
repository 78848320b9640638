package assay.domain.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// All that a tenant's file holds, for tests.
public final class Dump {
    /// Tables in which SQLite keeps the text index.
    public static final Set<String> INSIDE_THE_TEXT_INDEX =
            Set.of(
                    "object_text_config",
                    "object_text_data",
                    "object_text_docsize",
                    "object_text_idx");

    private Dump() {}

    /// Every row of every table, those behind the text index, the counters of sequence numbers and
    /// the words of the text index included, without the given tables.
    public static List<String> of(DataFolder folder, String tenant, Set<String> without)
            throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.READ)) {
            var connection = transaction.reading();
            var rows = new ArrayList<String>();
            for (var table :
                    connection.rows(
                            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
                                    + " ORDER BY name",
                            row -> row.getString(1))) {
                if (without.contains(table)) {
                    continue;
                }
                var columns =
                        connection
                                .rows(
                                        "SELECT name FROM pragma_table_info(?)",
                                        row -> "quote(\"" + row.getString(1) + "\")",
                                        table)
                                .stream()
                                .collect(Collectors.joining(" || ' ' || "));
                connection.each(
                        "SELECT %s FROM \"%s\"".formatted(columns, table),
                        row -> rows.add(table + " " + row.getString(1)));
            }
            connection.run(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.word USING fts5vocab(main, object_text, instance)");
            connection.each(
                    "SELECT term || ' in ' || doc || ' at ' || offset FROM temp.word ORDER BY 1",
                    row -> rows.add(row.getString(1)));
            rows.removeIf(row ->
                    without.stream()
                            .anyMatch(table -> row.startsWith("sqlite_sequence '" + table + "'")));
            return rows;
        }
    }

    /// The fields of the objects that are not deleted, by id, without those that are null.
    public static Map<String, ObjectNode> documents(DataFolder folder, String tenant)
            throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.READ)) {
            var documents = new LinkedHashMap<String, ObjectNode>();
            var objects = new Objects(transaction);
            transaction
                    .reading()
                    .rows(
                            "SELECT id FROM object WHERE deleted_at IS NULL ORDER BY seq",
                            row -> row.getString(1))
                    .forEach(id -> {
                        var document = objects.get(id).orElseThrow().document();
                        document.removeIf(JsonNode::isNull);
                        documents.put(id, document);
                    });
            return documents;
        }
    }

    /// A number that a statement gives.
    public static long number(DataFolder folder, String tenant, String sql)
            throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.READ)) {
            return transaction.reading().number(sql);
        }
    }

    /// Changes a file behind Assay's back.
    public static void change(DataFolder folder, String tenant, String sql)
            throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.WRITE)) {
            transaction.writing().run(sql);
            transaction.commit();
        }
    }
}
