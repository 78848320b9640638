package assay.stats.power;

import assay.stats.Answer;
import assay.stats.Why;

/// How long an experiment takes to reach its sample.
public final class Duration {
    private Duration() {}

    /// Days until every arm has its units; undefined if an arm gets no traffic.
    ///
    /// @param unitsPerArm from a sample size
    /// @param unitsPerDay new units per day that the experiment could have
    /// @param coverage share of them that takes part, 0 to 1
    /// @param smallestShare share of the participants that the smallest arm gets
    public static Answer<Double> days(
            double unitsPerArm, double unitsPerDay, double coverage, double smallestShare) {
        double perDay = unitsPerDay * coverage * smallestShare;
        return perDay > 0
                ? Answer.known(Math.ceil(unitsPerArm) / perDay)
                : Answer.undefined(Why.NO_UNITS);
    }
}
