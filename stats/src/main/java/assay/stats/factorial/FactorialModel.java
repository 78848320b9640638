package assay.stats.factorial;

import assay.stats.Alternative;
import assay.stats.Answer;
import assay.stats.Estimate;
import assay.stats.Why;
import assay.stats.distribution.FisherF;
import assay.stats.fixed.Inference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/// The linear model of a full factorial experiment with all interactions and one residual variance.
/// It has as many coefficients as cells, so every question is a contrast of the cell means.
///
/// Source: D. C. Montgomery, "Design and Analysis of Experiments" (2013), chapters 5 and 6; type
/// III tests with sum contrasts as in SAS.
///
/// @param factors in the order of the levels
/// @param cells one per combination of levels, in any order
/// @param residualDegreesOfFreedom units less cells
/// @param residualVariance pooled over the cells
public record FactorialModel(
        List<Factor> factors,
        List<Cell> cells,
        long residualDegreesOfFreedom,
        double residualVariance) {
    public FactorialModel {
        factors = List.copyOf(factors);
        cells = List.copyOf(cells);
    }

    /// Fits the model; undefined if a combination of levels has no cell, if no cell has two units,
    /// and if nothing varies.
    public static Answer<FactorialModel> of(List<Factor> factors, List<Cell> cells) {
        int combinations =
                factors.stream()
                        .mapToInt(factor -> factor.levels().size())
                        .reduce(1, Math::multiplyExact);
        if (cells.stream().map(Cell::levels).distinct().count() < combinations) {
            return Answer.undefined(Why.NO_UNITS);
        }
        long degreesOfFreedom = 0;
        double squares = 0;
        for (var cell : cells) {
            if (cell.sample().variance() instanceof Answer.Known<Double>(var variance)) {
                degreesOfFreedom += cell.sample().n() - 1;
                squares += (cell.sample().n() - 1) * variance;
            }
        }
        if (degreesOfFreedom == 0) {
            return Answer.undefined(Why.TOO_FEW_UNITS);
        }
        return squares == 0
                ? Answer.undefined(Why.NO_VARIANCE)
                : Answer.known(
                        new FactorialModel(
                                factors, cells, degreesOfFreedom, squares / degreesOfFreedom));
    }

    /// The mean of the cell means, whatever their sizes.
    public double grandMean() {
        return cells.stream().mapToDouble(cell -> cell.sample().mean()).average().orElseThrow();
    }

    /// The main effects, then the interactions of two factors, of three, and so on.
    public List<Term> terms() {
        return IntStream.range(1, 1 << factors.size())
                .boxed()
                .sorted(FactorialModel::byOrder)
                .map(this::term)
                .toList();
    }

    private static int byOrder(int a, int b) {
        int order = Integer.compare(Integer.bitCount(a), Integer.bitCount(b));
        // Of terms of one order, the one with the earlier factor comes first.
        return order != 0
                ? order
                : Integer.compare(Integer.reverse(b) >>> 1, Integer.reverse(a) >>> 1);
    }

    private Term term(int set) {
        var members = IntStream.range(0, factors.size()).filter(f -> (set >> f & 1) == 1).toArray();
        return new Term(Arrays.stream(members).mapToObj(factors::get).toList());
    }

    /// Whether a term matters at all: the type III F test, which asks about unweighted means.
    public FTest test(Term term) {
        var contrasts = sumContrasts(term);
        double[] effects = contrasts.operate(means());
        var scatter = contrasts.multiply(inverseSizes()).multiply(contrasts.transpose());
        double[] solved =
                new LUDecomposition(scatter)
                        .getSolver()
                        .solve(MatrixUtils.createRealVector(effects))
                        .toArray();
        double squares = 0;
        for (int i = 0; i < effects.length; i++) {
            squares += effects[i] * solved[i];
        }
        double f = squares / effects.length / residualVariance;
        return new FTest(
                effects.length,
                squares,
                f,
                FisherF.upperTail(f, effects.length, (double) residualDegreesOfFreedom));
    }

    /// The size of a term whose factors have two levels each: for one factor the mean at its second
    /// level less the mean at its first, for more factors the difference of such differences, all
    /// other factors averaged without weights. Undefined if a factor has more levels.
    public Answer<Inference> effect(Term term, double alpha) {
        if (term.factors().stream().anyMatch(factor -> factor.levels().size() > 2)) {
            return Answer.undefined(Why.MANY_LEVELS);
        }
        double others = cells.size() / Math.scalb(1.0, term.factors().size());
        double[] contrast = sumContrasts(term).getRow(0);
        // Sum contrasts give the first level +1; effects are second level less first.
        double sign = term.factors().size() % 2 == 0 ? 1 : -1;
        return inference(Arrays.stream(contrast).map(c -> sign * c / others).toArray(), alpha);
    }

    /// The coefficients of the model with the first levels as reference: the mean of the reference
    /// cell, then simple effects and how they change, in the order of [#terms()].
    public List<Coefficient> treatmentCoefficients(double alpha) {
        List<Coefficient> result = new ArrayList<>();
        result.add(coefficient("(Intercept)", List.of(), alpha));
        for (var term : terms()) {
            for (var levels : term.otherLevels()) {
                var names = new ArrayList<String>();
                for (int i = 0; i < levels.size(); i++) {
                    names.add(term.factors().get(i).name() + levels.get(i));
                }
                var members = new ArrayList<Member>();
                for (int i = 0; i < levels.size(); i++) {
                    members.add(new Member(term.factors().get(i), levels.get(i)));
                }
                result.add(coefficient(String.join(":", names), members, alpha));
            }
        }
        return List.copyOf(result);
    }

    private record Member(Factor factor, String level) {}

    private Coefficient coefficient(String name, List<Member> members, double alpha) {
        double[] contrast = cells.stream().mapToDouble(cell -> inclusion(cell, members)).toArray();
        return new Coefficient(name, inference(contrast, alpha).get());
    }

    /// +1 or -1 for the cells that differ from the wanted one only by reference levels, else 0.
    private double inclusion(Cell cell, List<Member> members) {
        double sign = 1;
        for (int f = 0; f < factors.size(); f++) {
            var factor = factors.get(f);
            String level = cell.levels().get(f);
            boolean reference = level.equals(factor.levels().getFirst());
            boolean wanted = members.contains(new Member(factor, level));
            boolean varied = members.stream().anyMatch(member -> member.factor().equals(factor));
            if (!wanted && !reference) {
                return 0;
            }
            sign = varied && !wanted ? -sign : sign;
        }
        return sign;
    }

    private Answer<Inference> inference(double[] contrast, double alpha) {
        double estimate = 0;
        double variance = 0;
        for (int i = 0; i < contrast.length; i++) {
            var sample = cells.get(i).sample();
            estimate += contrast[i] * sample.mean();
            variance += contrast[i] * contrast[i] / sample.n();
        }
        return Inference.student(
                new Estimate(estimate, Math.sqrt(variance * residualVariance)),
                (double) residualDegreesOfFreedom,
                alpha,
                Alternative.TWO_SIDED);
    }

    /// One row per combination of levels but the last of the term's factors: +1 at that level, -1
    /// at the last one, multiplied over the factors.
    private RealMatrix sumContrasts(Term term) {
        var rows = term.leadingLevels();
        var contrasts = MatrixUtils.createRealMatrix(rows.size(), cells.size());
        for (int row = 0; row < rows.size(); row++) {
            for (int cell = 0; cell < cells.size(); cell++) {
                contrasts.setEntry(row, cell, sumContrast(term, rows.get(row), cells.get(cell)));
            }
        }
        return contrasts;
    }

    private double sumContrast(Term term, List<String> wanted, Cell cell) {
        double product = 1;
        for (int i = 0; i < wanted.size(); i++) {
            var factor = term.factors().get(i);
            String level = cell.levels().get(factors.indexOf(factor));
            if (level.equals(factor.levels().getLast())) {
                product = -product;
            } else if (!level.equals(wanted.get(i))) {
                return 0;
            }
        }
        return product;
    }

    private double[] means() {
        return cells.stream().mapToDouble(cell -> cell.sample().mean()).toArray();
    }

    private RealMatrix inverseSizes() {
        return MatrixUtils.createRealDiagonalMatrix(
                cells.stream().mapToDouble(cell -> 1.0 / cell.sample().n()).toArray());
    }

    /// One coefficient of a model.
    public record Coefficient(String name, Inference inference) {}

    /// An F test with the residual degrees of freedom in the denominator.
    public record FTest(int degreesOfFreedom, double sumOfSquares, double f, double pValue) {}
}
