package assay.server.run;

import assay.domain.Refused;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The loop of one experiment, as its runner sees it.
interface Loop {
    /// What leasing came to.
    ///
    /// @param left how many can still be leased
    /// @param open how many leases have not run out, by whomever, and may leave something to lease;
    ///   other units that are not recorded may never be: of former iterations, of variants that
    ///   were dropped
    /// @param why in words
    record Batch(List<Unit> units, long left, long open, String why) {
        public Batch {
            units = List.copyOf(units);
        }
    }

    /// Leases units of work, to run or to judge.
    ///
    /// @throws Refused if nothing is leased any more
    Batch lease(Unit.Purpose purpose, int n, Duration ttl);

    /// Records what came of a lease.
    ///
    /// @param outcome `{output, metrics}`, `{answer, metrics}` or `{error}`
    /// @return the id of the unit that was leased
    /// @throws Refused if it cannot be
    String record(String lease, ObjectNode outcome);
}
