package assay.domain.store;

import assay.stats.ExactSum;
import java.util.Optional;

/// A sum of doubles without rounding that costs no more than a double as long as it is one.
final class RunningSum {
    private double plain;

    /// Holds the whole sum once it is no double any more.
    private Optional<ExactSum> exact = Optional.empty();

    RunningSum() {}

    /// The sum that [#stored()] gave.
    RunningSum(Object stored) {
        if (stored instanceof byte[] bytes) {
            exact = Optional.of(ExactSum.fromBytes(bytes));
        } else {
            plain = ((Number) stored).doubleValue();
        }
    }

    void add(double term) {
        if (exact.isPresent()) {
            exact.get().add(term);
            return;
        }
        // The rounding error of the addition, itself without any (Knuth's two-sum).
        var sum = plain + term;
        var rest = sum - plain;
        if ((plain - (sum - rest)) + (term - rest) == 0) {
            plain = sum;
        } else {
            exact = Optional.of(ExactSum.of(plain, term));
        }
    }

    /// The sum, rounded once.
    double value() {
        return exact.map(ExactSum::value).orElse(plain);
    }

    /// A number if the sum is one, else the bytes of the exact sum. Equal sums are stored alike.
    Object stored() {
        if (exact.isEmpty()) {
            return plain;
        }
        var value = exact.get().value();
        return exact.get().equals(ExactSum.of(value)) ? (Object) value : exact.get().toBytes();
    }
}
