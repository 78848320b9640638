package assay.domain.store;

/// A disk without space, for tests.
public final class FullDisk {
    private FullDisk() {}

    /// From now on the tenant's file cannot grow.
    public static void under(DataFolder folder, String tenant) throws InterruptedException {
        try (var transaction = folder.begin(tenant, Transaction.Mode.READ)) {
            transaction.reading().run("PRAGMA max_page_count = 1");
        }
    }
}
