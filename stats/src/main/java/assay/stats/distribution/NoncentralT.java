package assay.stats.distribution;

/// The noncentral t distribution, the basis of the power of t tests.
///
/// Source: N. L. Johnson, S. Kotz, N. Balakrishnan, "Continuous Univariate Distributions" 2 (1995),
/// chapter 31: given the estimated standard deviation the statistic is normal, so the tail is a
/// normal tail averaged over that standard deviation, here by quadrature.
public final class NoncentralT {
    private static final GaussLegendre RULE = new GaussLegendre(20);
    private static final int PANELS = 24;
    private static final double REACH = 12;

    private NoncentralT() {}

    /// P(T > t).
    ///
    /// @param noncentrality the true effect in standard errors
    public static double upperTail(double t, double degreesOfFreedom, double noncentrality) {
        double center = Math.sqrt(Math.max(0, 1 - 1 / degreesOfFreedom));
        double spread = REACH / Math.sqrt(2 * degreesOfFreedom);
        double from = Math.max(0, center - spread);
        double half = (center + spread - from) / PANELS / 2;
        double tail = 0;
        double mass = 0;
        for (int panel = 0; panel < PANELS; panel++) {
            for (int i = 0; i < RULE.size(); i++) {
                double u = from + half * (2 * panel + 1 + RULE.node(i));
                double weight = RULE.weight(i) * density(u, degreesOfFreedom);
                mass += weight;
                tail += weight * Normal.upperTail(t * u - noncentrality);
            }
        }
        return tail / mass;
    }

    /// The density of a chi variable over the root of its degrees of freedom, up to a factor.
    private static double density(double u, double degreesOfFreedom) {
        return Math.exp((degreesOfFreedom - 1) * Math.log(u) - degreesOfFreedom * (u * u - 1) / 2);
    }
}
