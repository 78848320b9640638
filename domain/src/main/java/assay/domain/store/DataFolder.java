package assay.domain.store;

import assay.domain.Refused;
import assay.domain.noun.Nouns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The folder with one database file per tenant. A tenant exists from its first write on.
///
/// The files of the tenants asked for most recently are kept open. A file that is closed to make
/// room serves those who use it to their end, and is opened again for whoever asks next.
public final class DataFolder implements AutoCloseable {
    /// Each has at most a handful of idle connections with three open files each.
    static final int MOST_OPEN = 32;

    private static final String SUFFIX = ".db";

    private final Path folder;
    private final Nouns nouns;
    private final boolean readOnly;
    private final Map<String, Store> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Store nothing;
    private final Bookkeeper bookkeeper = new Bookkeeper(this);

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

    /// True when nothing is ever written here.
    public boolean isReadOnly() {
        return readOnly;
    }

    public Nouns nouns() {
        return nouns;
    }

    /// Folds the events of the tenants.
    public Bookkeeper bookkeeper() {
        return bookkeeper;
    }

    /// True when a tenant has been written to.
    public boolean has(String tenant) {
        return Files.exists(file(tenant));
    }

    /// The tenants that have been written to, in no order.
    public List<String> tenants() {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .toList();
        } catch (NoSuchFileException nobodyYet) {
            return List.of();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A number that changes when a tenant is written to, but for writes within the same tick of
    /// the file system's clock.
    public long stamp(String tenant) {
        var stamp = 0L;
        for (var file : List.of(file(tenant), folder.resolve(tenant + SUFFIX + "-wal"))) {
            try {
                stamp = stamp * 31 + Files.size(file);
                stamp = stamp * 31 + Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
            } catch (IOException absent) {
                // Without the file there is nothing to be read of it, and that is a state too.
                stamp = stamp * 31;
            }
        }
        return stamp;
    }

    private Path file(String tenant) {
        return folder.resolve(tenant + SUFFIX);
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
            var opened = Store.open(file, nouns, readOnly, () -> bookkeeper.notice(tenant));
            open.put(tenant, opened);
            // A process that has ended may have left events that it did not fold.
            bookkeeper.notice(tenant);
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
        bookkeeper.close();
        synchronized (open) {
            open.values().forEach(Store::close);
            open.clear();
        }
        nothing.close();
    }
}
