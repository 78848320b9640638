package assay.domain.store;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Nouns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// The objects of one tenant, in one file. Safe for use by several threads, and the file by several
/// processes.
///
/// Any number of transactions read at once; at most one writes.
public final class Store implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 32;
    private static final int MOST_IDLE = 8;
    static final Path MEMORY = Path.of(":memory:");

    private final Runnable notice;
    private final Path file;
    private final Nouns nouns;
    private final boolean readOnly;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS, true);
    private final Semaphore writing = new Semaphore(1, true);

    /// Those that may have written first. What a connection keeps of the file is of no use once
    /// another one has written, so that writers and readers each come back to their own.
    private final Deque<SqlConnection> idle = new ArrayDeque<>();

    private final Set<Ledger.Wanted> wanted = ConcurrentHashMap.newKeySet();
    private boolean closed;

    private Store(Path file, Nouns nouns, boolean readOnly, Runnable notice) {
        this.notice = notice;
        this.file = file;
        this.nouns = nouns;
        this.readOnly = readOnly;
    }

    /// Opens a tenant's file, making it and bringing it up to date as needed; if it is only to be
    /// read, nothing is made or changed.
    ///
    /// @throws Refused if the file cannot be opened, is damaged, or its shape is one that this
    ///   version does not know or may not change
    public static Store open(Path file, Nouns nouns, boolean readOnly) {
        return open(file, nouns, readOnly, () -> {});
    }

    /// @param notice is told when events may be waiting to be folded
    static Store open(Path file, Nouns nouns, boolean readOnly, Runnable notice) {
        var store = new Store(file, nouns, readOnly, notice);
        store.giveBack(store.connect(), Transaction.Mode.WRITE);
        return store;
    }

    /// A store without objects that takes none: what readers see of a tenant that nobody has
    /// written to yet.
    static Store empty(Nouns nouns, boolean readOnly) {
        return new Store(MEMORY, nouns, readOnly, () -> {});
    }

    boolean isEmpty() {
        return file.equals(MEMORY);
    }

    Nouns nouns() {
        return nouns;
    }

    /// Some events may not be folded, or a measure is not kept yet.
    void notice() {
        notice.run();
    }

    /// Measures that were read and are not kept yet.
    Set<Ledger.Wanted> wanted() {
        return wanted;
    }

    /// Begins a transaction. Blocks while too many are open, and in mode WRITE until nobody else
    /// writes. In a store that is only read, LAZY is the same as READ.
    public Transaction begin(Transaction.Mode mode) throws InterruptedException {
        if (mode != Transaction.Mode.WRITE) {
            return onConnection(readOnly ? Transaction.Mode.READ : mode);
        }
        if (readOnly) {
            throw Transaction.readOnly();
        }
        // Before a connection is taken, so that waiting writers do not keep readers out.
        writing.acquire();
        try {
            return onConnection(mode);
        } catch (RuntimeException | InterruptedException failure) {
            writing.release();
            throw failure;
        }
    }

    private Transaction onConnection(Transaction.Mode mode) throws InterruptedException {
        connections.acquire();
        try {
            var connection = take(mode);
            try {
                return new Transaction(this, connection, mode);
            } catch (RuntimeException failure) {
                giveBack(connection, mode);
                throw failure;
            }
        } catch (RuntimeException failure) {
            connections.release();
            throw failure;
        }
    }

    void end(SqlConnection connection, Transaction.Mode mode) {
        try {
            giveBack(connection, mode);
        } finally {
            connections.release();
        }
    }

    Semaphore writing() {
        return writing;
    }

    private SqlConnection take(Transaction.Mode mode) {
        synchronized (idle) {
            var waiting = mode == Transaction.Mode.READ ? idle.pollLast() : idle.pollFirst();
            if (waiting != null) {
                return waiting;
            }
        }
        return connect();
    }

    private void giveBack(SqlConnection connection, Transaction.Mode mode) {
        synchronized (idle) {
            if (!connection.broken() && !closed && idle.size() < MOST_IDLE) {
                if (mode == Transaction.Mode.READ) {
                    idle.addLast(connection);
                } else {
                    idle.addFirst(connection);
                }
                return;
            }
        }
        connection.close();
    }

    private SqlConnection connect() {
        if (isEmpty()) {
            var connection = SqlConnection.open(file);
            Schema.bringUpToDate(connection, nouns, file);
            return connection;
        }
        if (readOnly) {
            var connection = SqlConnection.openReadOnly(file);
            connection.closedOnFailure(() -> Schema.requireCurrent(connection, file));
            return connection;
        }
        makeFolder();
        var connection = SqlConnection.open(file);
        connection.closedOnFailure(() -> Schema.bringUpToDate(connection, nouns, file));
        return connection;
    }

    private void makeFolder() {
        var folder = file.toAbsolutePath().getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException failure) {
            throw new Refused(
                    Reason.STORE_UNAVAILABLE,
                    "The data folder %s cannot be made.".formatted(folder),
                    "Give the user who runs Assay write access there, or name another folder with --data.");
        }
    }

    /// Writes a copy of the whole tenant to a file that does not exist yet, while others read and
    /// write.
    ///
    /// @throws Refused if there is nothing to copy, or the target exists or cannot be written
    public void backup(Path target) {
        if (isEmpty()) {
            throw new Refused(
                    Reason.UNKNOWN_ID,
                    "Nothing was ever written for this tenant, so there is nothing to back up.",
                    "Name another tenant or data folder.");
        }
        if (Files.exists(target)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "The file %s exists already.".formatted(target),
                    "Name a file that does not exist yet.");
        }
        var folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isWritable(folder)) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "The folder of %s does not exist or cannot be written.".formatted(target),
                    "Name a file in a folder that exists and that you may write to.");
        }
        try (var connection = SqlConnection.openReadOnly(file)) {
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
