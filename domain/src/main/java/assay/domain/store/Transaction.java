package assay.domain.store;

import assay.domain.Reason;
import assay.domain.Refused;
import java.util.HashSet;
import java.util.Set;

/// One unit of work on a store: reads see one state, writes are kept together or not at all. Used
/// by one thread at a time, though not always the same one.
public final class Transaction implements AutoCloseable {
    /// When the write lock is taken.
    public enum Mode {
        /// Never: every write is refused.
        READ,
        /// At the first write. Nothing waits then: if somebody else has the lock, or has written
        /// since the first read, the write throws [Conflict].
        LAZY,
        /// At the beginning, waiting for it.
        WRITE
    }

    private enum State {
        NEW,
        READING,
        WRITING,
        ENDED
    }

    private final Store store;
    private final SqlConnection connection;
    private final Mode mode;
    private State state = State.NEW;
    private boolean holdsLock;
    private boolean appended;
    private final Set<String> forgotten = new HashSet<>();

    /// Mode WRITE takes the lock of the file; the lock among the threads of this process is taken
    /// already, and is given back at the end.
    Transaction(Store store, SqlConnection connection, Mode mode) {
        this.store = store;
        this.connection = connection;
        this.mode = mode;
        if (mode == Mode.WRITE) {
            connection.control("BEGIN IMMEDIATE");
            holdsLock = true;
            state = State.WRITING;
        }
    }

    Store store() {
        return store;
    }

    /// The connection, for reading.
    SqlConnection reading() {
        if (state == State.NEW) {
            connection.control("BEGIN");
            state = State.READING;
        }
        return open();
    }

    /// The connection, for writing.
    ///
    /// @throws Conflict if this unit must be run again in mode WRITE
    SqlConnection writing() {
        if (state == State.WRITING) {
            return open();
        }
        if (mode == Mode.READ) {
            throw readOnly();
        }
        if (store.isEmpty() || !store.writing().tryAcquire()) {
            throw new Conflict();
        }
        holdsLock = true;
        var locked =
                state == State.NEW
                        ? connection.tryRun("BEGIN IMMEDIATE")
                        // Changes nothing, yet takes the lock if nobody has written since our
                        // snapshot.
                        : connection.tryRun("DELETE FROM setting WHERE 0");
        if (!locked) {
            throw new Conflict();
        }
        state = State.WRITING;
        return open();
    }

    /// Does something while what is deleted or replaced is overwritten, so that nothing of it stays
    /// in free pages of the file.
    public void overwriting(Runnable deleting) {
        var connection = writing();
        connection.run("PRAGMA secure_delete = ON");
        try {
            deleting.run();
        } finally {
            connection.run("PRAGMA secure_delete = OFF");
        }
    }

    private SqlConnection open() {
        if (state == State.ENDED) {
            throw new IllegalStateException("the transaction has ended");
        }
        return connection;
    }

    /// True once this transaction may have changed something.
    public boolean hasWritten() {
        return state == State.WRITING;
    }

    /// Keeps everything, durably. The transaction has then ended.
    ///
    /// Nothing is kept when a statement failed on the way, even if its caller went on: half of a
    /// write may be missing.
    public void commit() {
        try {
            if (state == State.WRITING || state == State.READING) {
                connection.control("COMMIT");
            }
        } finally {
            end();
        }
        if (appended) {
            store.notice();
        }
    }

    /// Subjects that were forgotten in this transaction.
    Set<String> forgotten() {
        return forgotten;
    }

    /// Events were appended.
    void appended() {
        appended = true;
    }

    /// Undoes everything, unless the transaction has ended.
    @Override
    public void close() {
        try {
            if ((state == State.WRITING || state == State.READING) && !connection.broken()) {
                connection.control("ROLLBACK");
            }
        } finally {
            end();
        }
    }

    private void end() {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        try {
            store.end(connection, mode);
        } finally {
            if (holdsLock) {
                // After the connection is given back, so that whoever writes next has it: it knows
                // the file as it is now.
                store.writing().release();
            }
        }
    }

    static Refused readOnly() {
        return new Refused(
                Reason.READ_ONLY,
                "This server only reads; nothing was written.",
                "Ask whoever runs the server to start it without --read-only, or use search and fetch.");
    }
}
