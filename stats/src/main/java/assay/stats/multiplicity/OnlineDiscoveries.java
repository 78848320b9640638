package assay.stats.multiplicity;

/// The error that each of a stream of tests may use up, so that of all discoveries of the stream,
/// at whatever moment one counts them, an expected share of at most q is false: e-LOND. Each test
/// has a part of q that shrinks with its place in the stream, and grows with the discoveries before
/// it.
///
/// It holds under any dependence, also when tests overlap in time, as long as a test rejects at an
/// e-value of 1 / alpha, or an always-valid p-value, which is the inverse of one: a rejection then
/// adds to the expected share at most its part of q, and the parts sum to q. Discoveries that are
/// not known yet when a test starts only make it stricter.
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
