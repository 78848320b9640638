package assay.domain.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Numbers as they stand in a sentence.
final class Numbers {
    private Numbers() {}

    /// Three significant digits, without trailing zeros: `0.0123`, `1250`, `3.4e-12`.
    static String brief(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return value == 0 ? "0" : Double.toString(value);
        }
        var rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
        var size = Math.abs(value);
        return size >= 1e-4 && size < 1e15
                ? rounded.toPlainString()
                : rounded.toString().replace("E+", "e").replace("E-", "e-");
    }

    /// The same with its sign.
    static String signed(double value) {
        return (value > 0 ? "+" : "") + brief(value);
    }

    /// A share as a signed percentage: `+12.3 %`.
    static String percent(double share) {
        return signed(share * 100) + " %";
    }

    /// A share as a percentage: `12.3 %`.
    static String share(double share) {
        return brief(100 * share) + " %";
    }

    /// Whole units with a comma for the thousands.
    static String units(double units) {
        return String.format(Locale.ROOT, "%,d", (long) units);
    }

    /// So many units: `1 unit`, `250 units`.
    static String counted(long units) {
        return units == 1 ? "1 unit" : units + " units";
    }

    /// A count, without a decimal point.
    static String whole(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
