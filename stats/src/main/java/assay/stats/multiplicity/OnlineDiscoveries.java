package assay.stats.multiplicity;

/// The error that each of a stream of tests may use up, so that of all discoveries of the stream,
/// at whatever moment one counts them, an expected share of at most q is false: e-LOND. Each test
/// has a part of q that shrinks with its place in the stream, and grows with the discoveries before
/// it.
///
/// What it needs. With e-values, tests may depend on each other in any way: a test that rejects at
/// an e-value of 1 / alpha adds to the expected share at most its part of q, whatever the others
/// did, and the parts sum to q. A test that is watched, and rejects when its e-process first
/// crosses 1 / alpha (the always-valid p-value that is the inverse of its largest value so far),
/// has such an e-value at that moment if the process is one also for somebody who sees the other
/// tests: tests may overlap in time when each draws its units at random by itself. Where the
/// e-process holds for large samples only, so does the rate. P-values of other kinds, of one look
/// or of planned ones, are no e-values: for them the rule needs tests that are independent.
/// Discoveries must stay discoveries; those that are not known yet when a test starts only make it
/// stricter.
///
/// Sources: A. Javanmard, A. Montanari, "Online rules for control of false discovery rate and false
/// discovery exceedance", Annals of Statistics 46 (2018) 526-554 (LOND); Z. Xu, A. Ramdas, "Online
/// multiple testing with e-values", AISTATS 2024, arXiv:2311.06412 (e-LOND).
public final class OnlineDiscoveries {
    private OnlineDiscoveries() {}

    /// The error of one test: q (discoveries + 1) / (index (index + 1)).
    ///
    /// @param q the false discovery rate of the whole stream, above 0 and below 1
    /// @param index place in the stream, from 1 on
    /// @param discoveries rejections so far, fewer than index
    public static double alpha(double q, long index, long discoveries) {
        if (!(q > 0 && q < 1) || index < 1 || discoveries < 0 || discoveries >= index) {
            throw new IllegalArgumentException(
                    "Not a place in a stream: %s, %d, %d".formatted(q, index, discoveries));
        }
        return q * (discoveries + 1) / index / (index + 1.0);
    }
}
