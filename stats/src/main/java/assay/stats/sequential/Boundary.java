package assay.stats.sequential;

import assay.stats.distribution.Normal;

/// How a group-sequential test divides its error among the looks.
///
/// Source: C. Jennison, B. W. Turnbull, "Group Sequential Methods" (2000), chapters 2 and 7.
public sealed interface Boundary {
    /// Bounds of a fixed shape: bound = constant * (share of the final information)^exponent.
    sealed interface Shaped extends Boundary {
        double exponent();
    }

    /// Error spent as a function of the information that has accrued.
    sealed interface Spending extends Boundary {
        /// The error that may be spent up to a share of the final information, on one side.
        ///
        /// @param alpha the whole error of that side
        /// @param share 0 to 1
        double spent(double alpha, double share);
    }

    /// Nearly all error at the end. Source: P. C. O'Brien, T. R. Fleming, Biometrics 35 (1979)
    /// 549-556.
    record ObrienFleming() implements Shaped {
        @Override
        public double exponent() {
            return -0.5;
        }
    }

    /// The same bound at every look. Source: S. J. Pocock, Biometrika 64 (1977) 191-199.
    record Pocock() implements Shaped {
        @Override
        public double exponent() {
            return 0;
        }
    }

    /// Between the two, delta from 0 (O'Brien-Fleming) to 1/2 (Pocock). Source: S. K. Wang, A. A.
    /// Tsiatis, Biometrics 43 (1987) 193-199.
    record WangTsiatis(double delta) implements Shaped {
        @Override
        public double exponent() {
            return delta - 0.5;
        }
    }

    /// Spending like O'Brien-Fleming's bounds; the default. Source: K. K. G. Lan, D. L. DeMets,
    /// Biometrika 70 (1983) 659-663.
    record LanDeMetsObrienFleming() implements Spending {
        @Override
        public double spent(double alpha, double share) {
            return 2 * Normal.upperTail(Normal.upperQuantile(alpha / 2) / Math.sqrt(share));
        }
    }

    /// Spending like Pocock's bounds. Source: Lan and DeMets, as above.
    record LanDeMetsPocock() implements Spending {
        @Override
        public double spent(double alpha, double share) {
            return alpha * Math.log1p((Math.E - 1) * share);
        }
    }

    /// Spending alpha * share^rho. Source: K. Kim, D. L. DeMets, Biometrika 74 (1987) 149-154.
    record KimDeMets(double rho) implements Spending {
        @Override
        public double spent(double alpha, double share) {
            return alpha * Math.pow(share, rho);
        }
    }
}
