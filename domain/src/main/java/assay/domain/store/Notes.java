package assay.domain.store;

import java.util.Optional;

/// What a tenant's file remembers about itself: texts by name.
public final class Notes {
    private final Transaction transaction;

    public Notes(Transaction transaction) {
        this.transaction = transaction;
    }

    /// The text under a name.
    public Optional<String> get(String name) {
        return transaction
                .reading()
                .row("SELECT value FROM setting WHERE name = ?", row -> row.getString(1), name);
    }

    /// Keeps a text under a name, in the place of what was there.
    public void put(String name, String text) {
        transaction.writing().change("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, text);
    }
}
