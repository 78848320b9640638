package assay.domain.store;

import assay.domain.JsonTree;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The items of datasets. Append-only.
public final class Items {
    private static final String ITEM =
            "SELECT seq, id, split, hash, input, expected, attributes FROM item WHERE dataset = ?";

    private final Transaction transaction;

    public Items(Transaction transaction) {
        this.transaction = transaction;
    }

    /// One item of a dataset.
    ///
    /// @param seq its place among all items, in the order in which they were added; 0 for one that
    ///   is still to be added
    /// @param id unique within the dataset
    /// @param split train, validation or test
    /// @param hash tells its content from every other
    public record Item(
            long seq,
            String id,
            String split,
            String hash,
            JsonNode input,
            Optional<JsonNode> expected,
            ObjectNode attributes) {}

    /// Adds items whose ids the dataset does not have.
    public void add(String dataset, List<Item> items) {
        transaction
                .writing()
                .changeAll(
                        "INSERT INTO item (dataset, id, split, hash, input, expected, attributes, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
                                + " (SELECT coalesce(max(place), -1) + 1 FROM item WHERE dataset = ?1 AND split = ?3))",
                        items.stream()
                                .map(item ->
                                        new @Nullable Object[] {
                                            dataset,
                                            item.id(),
                                            item.split(),
                                            item.hash(),
                                            JsonTree.text(item.input()),
                                            item.expected().map(JsonTree::text).orElse(null),
                                            JsonTree.text(item.attributes())
                                        })
                                .toList());
    }

    /// The item of a dataset with this id.
    public Optional<Item> get(String dataset, String id) {
        return transaction.reading().row(ITEM + " AND id = ?", Items::read, dataset, id);
    }

    /// The item of a split that has so many before it, in the order in which they were added.
    public Item at(String dataset, String split, long index) {
        return transaction
                .reading()
                .row(ITEM + " AND split = ? AND place = ?", Items::read, dataset, split, index)
                .orElseThrow();
    }

    /// Items of a dataset in the order in which they were added.
    ///
    /// @param split those of one split only
    /// @param after only those whose place is behind this one; 0 for all
    public List<Item> page(String dataset, Optional<String> split, long after, int limit) {
        return split.map(one ->
                        transaction
                                .reading()
                                .rows(
                                        ITEM + " AND split = ? AND seq > ? ORDER BY seq LIMIT ?",
                                        Items::read,
                                        dataset,
                                        one,
                                        after,
                                        limit))
                .orElseGet(() ->
                        transaction
                                .reading()
                                .rows(
                                        ITEM + " AND seq > ? ORDER BY seq LIMIT ?",
                                        Items::read,
                                        dataset,
                                        after,
                                        limit));
    }

    /// What tells one item from those of another dataset.
    public static String mark(String id, String split, String hash) {
        return id + ' ' + split + ' ' + hash + '\n';
    }

    /// How many items a dataset has in each split that has any.
    public Map<String, Long> counts(String dataset) {
        var counts = new HashMap<String, Long>();
        transaction
                .reading()
                .each(
                        "SELECT split, count(*) FROM item WHERE dataset = ? GROUP BY split",
                        row -> counts.put(row.getString(1), row.getLong(2)),
                        dataset);
        return counts;
    }

    /// Hands over the mark of each item of a dataset in the order of the ids.
    public void marks(String dataset, Consumer<String> marks) {
        transaction
                .reading()
                .each(
                        "SELECT id, split, hash FROM item WHERE dataset = ? ORDER BY id",
                        row -> {
                            marks.accept(
                                    mark(row.getString(1), row.getString(2), row.getString(3)));
                            return row;
                        },
                        dataset);
    }

    private static Item read(ResultSet row) throws SQLException {
        return new Item(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                JsonTree.read(row.getString(5)),
                Optional.ofNullable(row.getString(6)).map(JsonTree::read),
                (ObjectNode) JsonTree.read(row.getString(7)));
    }
}
