package assay.domain.store;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Nouns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/// The objects of one tenant, in one file. Safe for use by several threads, and the file by several
/// processes.
///
/// Any number of transactions read at once; at most one writes.
public final class Store implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 32;
    private static final int MOST_IDLE = 8;
    static final Path MEMORY = Path.of(":memory:");

    private final Path file;
    private final Nouns nouns;
    private final boolean readOnly;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS, true);
    private final Semaphore writing = new Semaphore(1, true);
    private final Deque<SqlConnection> idle = new ArrayDeque<>();
    private boolean closed;

    private Store(Path file, Nouns nouns, boolean readOnly) {
        this.file = file;
        this.nouns = nouns;
        this.readOnly = readOnly;
    }

    /// Opens a tenant's file, making it and bringing it up to date as needed.
    ///
    /// @throws Refused if the file cannot be opened, is damaged, or was written by a newer version
    public static Store open(Path file, Nouns nouns, boolean readOnly) {
        var store = new Store(file, nouns, readOnly);
        store.giveBack(store.connect());
        return store;
    }

    /// A store without objects that takes none: what readers see of a tenant that nobody has
    /// written to yet.
    static Store empty(Nouns nouns) {
        return new Store(MEMORY, nouns, true);
    }

    boolean isEmpty() {
        return file.equals(MEMORY);
    }

    Nouns nouns() {
        return nouns;
    }

    /// Begins a transaction. Blocks while too many are open, and in mode WRITE until nobody else
    /// writes.
    public Transaction begin(Transaction.Mode mode) throws InterruptedException {
        if (mode != Transaction.Mode.READ && readOnly && !isEmpty()) {
            throw Transaction.readOnly();
        }
        connections.acquire();
        try {
            var connection = take();
            try {
                return new Transaction(this, connection, mode);
            } catch (RuntimeException | InterruptedException failure) {
                giveBack(connection);
                throw failure;
            }
        } catch (RuntimeException | InterruptedException failure) {
            connections.release();
            throw failure;
        }
    }

    void end(SqlConnection connection) {
        giveBack(connection);
        connections.release();
    }

    Semaphore writing() {
        return writing;
    }

    private SqlConnection take() {
        synchronized (idle) {
            var waiting = idle.pollFirst();
            if (waiting != null) {
                return waiting;
            }
        }
        return connect();
    }

    private void giveBack(SqlConnection connection) {
        synchronized (idle) {
            if (!connection.broken() && !closed && idle.size() < MOST_IDLE) {
                idle.addFirst(connection);
                return;
            }
        }
        connection.close();
    }

    private SqlConnection connect() {
        if (isEmpty()) {
            var connection = SqlConnection.open(file, false);
            Schema.bringUpToDate(connection, nouns, file);
            return connection;
        }
        try {
            var folder = file.toAbsolutePath().getParent();
            if (!readOnly && folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException | UnsupportedOperationException failure) {
            throw new Refused(
                    Reason.STORE_UNAVAILABLE,
                    "The data folder %s cannot be made.".formatted(file.getParent()),
                    "Give the user who runs Assay write access there, or name another folder with --data.");
        }
        var connection = SqlConnection.open(file, readOnly);
        if (!readOnly) {
            Schema.bringUpToDate(connection, nouns, file);
        }
        return connection;
    }

    /// Writes a copy of the whole tenant to a file that does not exist yet, while others read and
    /// write.
    public void backup(Path target) {
        if (Files.exists(target)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "The file %s exists already.".formatted(target),
                    "Name a file that does not exist yet.");
        }
        try (var connection = SqlConnection.open(file, false)) {
            connection.change("VACUUM INTO ?", target.toString());
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.forEach(SqlConnection::close);
            idle.clear();
        }
    }
}
