package assay.domain.store;

import assay.domain.Refused;
import assay.domain.noun.Nouns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The folder with one database file per tenant. A tenant exists from its first write on.
///
/// The files of the tenants asked for most recently are kept open. A file that is closed to make
/// room serves those who use it to their end, and is opened again for whoever asks next.
public final class DataFolder implements AutoCloseable {
    /// Each has at most a handful of idle connections with three open files each.
    static final int MOST_OPEN = 32;

    private final Path folder;
    private final Nouns nouns;
    private final boolean readOnly;
    private final Map<String, Store> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Store nothing;

    /// Names the folder. Nothing is read or made until somebody asks for a tenant.
    public DataFolder(Path folder, Nouns nouns, boolean readOnly) {
        this.folder = folder;
        this.nouns = nouns;
        this.readOnly = readOnly;
        this.nothing = Store.empty(nouns, readOnly);
    }

    /// The folder itself, which need not exist.
    public Path path() {
        return folder;
    }

    public Nouns nouns() {
        return nouns;
    }

    /// True when a tenant has been written to.
    public boolean has(String tenant) {
        return Files.exists(file(tenant));
    }

    private Path file(String tenant) {
        return folder.resolve(tenant + ".db");
    }

    /// Begins a transaction for a tenant.
    ///
    /// @param tenant a valid name, see [assay.domain.Caller]
    public Transaction begin(String tenant, Transaction.Mode mode) throws InterruptedException {
        if (readOnly && mode != Transaction.Mode.READ) {
            throw Transaction.readOnly();
        }
        return store(tenant, mode == Transaction.Mode.WRITE).begin(mode);
    }

    /// Why a tenant cannot be served now; empty when it can.
    public Optional<String> unready(String tenant) {
        try (var transaction = begin(tenant, Transaction.Mode.READ)) {
            var _ = new Events(transaction).watermark();
            return readOnly || isWritable()
                    ? Optional.empty()
                    : Optional.of("The data folder %s cannot be written.".formatted(folder));
        } catch (Refused refused) {
            return Optional.of(refused.problem());
        } catch (StoreFailure failure) {
            return Optional.of(String.valueOf(failure.getMessage()));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return Optional.of("The server is ending.");
        }
    }

    /// True when the folder, or the first one above it that exists, can be written.
    private boolean isWritable() {
        for (var at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                return Files.isWritable(at);
            }
        }
        return false;
    }

    /// Writes a copy of a tenant's file while others read and write.
    ///
    /// @throws assay.domain.Refused if the target exists
    public void backup(String tenant, Path target) {
        store(tenant, false).backup(target);
    }

    private Store store(String tenant, boolean make) {
        synchronized (open) {
            var known = open.get(tenant);
            if (known != null) {
                return known;
            }
            var file = file(tenant);
            if (!Files.exists(file) && (!make || readOnly)) {
                return nothing;
            }
            var opened = Store.open(file, nouns, readOnly);
            open.put(tenant, opened);
            if (open.size() > MOST_OPEN) {
                var eldest = open.values().iterator();
                eldest.next().close();
                eldest.remove();
            }
            return opened;
        }
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(Store::close);
            open.clear();
        }
        nothing.close();
    }
}
