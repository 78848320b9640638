package assay.stats.simulation;

import assay.stats.Answer;
import assay.stats.Sample;
import assay.stats.Why;

/// Running sums of one arm in plain doubles: exactness is not what a simulation is about, speed is.
final class Tally {
    private long n;
    private double sum;
    private double squares;

    void add(double value) {
        n++;
        sum += value;
        squares += value * value;
    }

    /// Replaces a unit's value, as when an outcome arrives after the unit was counted with 0.
    void change(double before, double after) {
        sum += after - before;
        squares += after * after - before * before;
    }

    void addSuccesses(int successes, int units) {
        n += units;
        sum += successes;
        squares += successes;
    }

    long n() {
        return n;
    }

    double sum() {
        return sum;
    }

    Sample sample() {
        double mean = sum / n;
        Answer<Double> variance =
                n < 2
                        ? Answer.undefined(Why.TOO_FEW_UNITS)
                        : Answer.known(Math.max(0, (squares - sum * mean) / (n - 1)));
        return new Sample(n, mean, variance);
    }
}
