package assay.domain.store;

import assay.domain.Reason;
import assay.domain.Refused;
import java.io.Serial;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/// The store failed in a way that no caller can put right by calling differently.
public final class StoreFailure extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    StoreFailure(String message, SQLException cause) {
        super(message, cause);
    }

    /// What a caller should see of a failure of the database: a refusal that names the cause where
    /// whoever runs the server can remove it, else a failure to be logged.
    static RuntimeException of(SQLException failure, Path file) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return new StoreFailure("statement failed on " + file, failure);
        }
        return switch (sqlite.getResultCode().code & 0xff) {
            case 13 ->
                    unavailable(
                            "The disk that holds %s is full; nothing of this call was kept."
                                    .formatted(file),
                            "Free some space there, then send the same call again.");
            case 11, 26 ->
                    unavailable(
                            "The database file %s is damaged or is no database.".formatted(file),
                            "Stop the server, keep a copy of the file, and restore the newest backup made with"
                                    + " 'assay backup'.");
            case 8, 14, 10, 23 ->
                    unavailable(
                            "The database file %s cannot be opened for writing.".formatted(file),
                            "Give the user who runs Assay write access to the data folder, or name another one with"
                                    + " --data.");
            case 5, 6 ->
                    unavailable(
                            "The database file %s stayed locked by another program."
                                    .formatted(file),
                            "Send the same call again; if it fails again, end the program that holds the lock.");
            case 19 ->
                    new Refused(
                            Reason.NOT_UNIQUE,
                            "A value that must be unique is there twice (%s)."
                                    .formatted(sqlite.getMessage()),
                            "Choose another value. If the definition of a noun has begun to demand it, change the"
                                    + " objects first.");
            default -> new StoreFailure("statement failed on " + file, failure);
        };
    }

    private static Refused unavailable(String problem, String repair) {
        return new Refused(Reason.STORE_UNAVAILABLE, problem, repair);
    }

    /// True when somebody else holds the write lock, or has written since our snapshot.
    static boolean isBusy(SQLException failure) {
        return failure instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == 5;
    }
}
