package assay.domain.store;

import java.io.Serial;

/// Somebody else writes, or has written since this transaction's first read. Run the whole unit
/// again in [Transaction.Mode#WRITE].
public final class Conflict extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    Conflict() {
        super("another writer was first", null, false, false);
    }
}
