package assay.stats.judge;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Interval;
import assay.stats.Why;
import assay.stats.distribution.StudentT;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/// What a judge's errors, its score minus a person's, depend on: the length of an output, the place
/// in which it stood. What makes an output better makes the person's score better too and drops
/// out; what is left on a property is the judge's bias for it.
///
/// Least squares with standard errors that do not need equal variances (HC3).
///
/// Source: J. G. MacKinnon, H. White, Journal of Econometrics 29 (1985) 305-325.
public final class BiasRegression {
    private static final double SINGULAR = 1e-10;

    private BiasRegression() {}

    /// The influence of one property on the error.
    ///
    /// @param estimate change of the error for one unit of the property
    /// @param pValue of the test that there is none, two-sided; for one look
    public record Influence(Estimate estimate, Interval interval, double pValue) {}

    /// The mean error where every property is 0, then the influence of each property.
    ///
    /// @param errors score of the judge minus score of the person, one per thing
    /// @param properties per thing its properties, in the same order for all; centre and scale them
    ///   beforehand
    /// @return undefined when there are fewer than three things more than properties, when a
    ///   property does not vary or repeats another, and when the errors do not vary
    public static Answer<List<Influence>> of(double[] errors, double[][] properties, double alpha) {
        int n = errors.length;
        int k = n == 0 ? 1 : properties[0].length + 1;
        if (n < k + 3) {
            return Answer.undefined(Why.TOO_FEW_UNITS);
        }
        var design = new Array2DRowRealMatrix(n, k);
        for (int i = 0; i < n; i++) {
            design.setEntry(i, 0, 1);
            for (int j = 1; j < k; j++) {
                design.setEntry(i, j, properties[i][j - 1]);
            }
        }
        RealMatrix transposed = design.transpose();
        var solver = new LUDecomposition(transposed.multiply(design), SINGULAR * n).getSolver();
        if (!solver.isNonSingular()) {
            return Answer.undefined(Why.SINGULAR);
        }
        RealMatrix inverse = solver.getInverse();
        double[] slopes = inverse.operate(transposed.operate(errors));
        double[] fitted = design.operate(slopes);
        var middle = new Array2DRowRealMatrix(k, k);
        for (int i = 0; i < n; i++) {
            double[] row = design.getRow(i);
            double[] scaled = inverse.operate(row);
            double leverage = 0;
            for (int j = 0; j < k; j++) {
                leverage += row[j] * scaled[j];
            }
            double residual = (errors[i] - fitted[i]) / Math.max(1 - leverage, 1e-6);
            for (int a = 0; a < k; a++) {
                for (int b = 0; b < k; b++) {
                    middle.addToEntry(a, b, residual * residual * row[a] * row[b]);
                }
            }
        }
        RealMatrix covariance = inverse.multiply(middle).multiply(inverse);
        return influences(slopes, covariance, n - k, alpha);
    }

    private static Answer<List<Influence>> influences(
            double[] slopes, RealMatrix covariance, int freedom, double alpha) {
        var influences = new ArrayList<Influence>();
        for (int j = 0; j < slopes.length; j++) {
            double error = Math.sqrt(Math.max(0, covariance.getEntry(j, j)));
            if (error < 1e-12) {
                return Answer.undefined(Why.NO_VARIANCE);
            }
            double margin = StudentT.critical(alpha, freedom, Alternative.TWO_SIDED) * error;
            influences.add(
                    new Influence(
                            new Estimate(slopes[j], error),
                            Interval.around(slopes[j], margin, Alternative.TWO_SIDED),
                            StudentT.pValue(slopes[j] / error, freedom, Alternative.TWO_SIDED)));
        }
        return Answer.known(List.copyOf(influences));
    }
}
