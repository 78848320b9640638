package assay.stats.bayes;

import java.util.function.DoubleUnaryOperator;

/// What is known about one arm's parameter, as a density over a line on which it has one peak and
/// no corners; the line may be a transformation of the parameter.
interface Posterior {
    double mean();

    /// Where the peak lies on the line.
    double center();

    /// How wide the peak is on the line.
    double scale();

    /// The stretch of the line outside which there is no probability worth counting.
    double from();

    double to();

    /// The density at a point of the line, per length of the line.
    DoubleUnaryOperator density();

    /// How fast the parameter changes along the line.
    double slope(double point);

    /// How far the parameter moves between two points of the line.
    double change(double from, double to);
}
