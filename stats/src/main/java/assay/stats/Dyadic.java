package assay.stats;

import java.math.BigInteger;

/// An exact binary fraction `unscaled * 2^exponent`: what sums and products of doubles are before
/// they are rounded.
record Dyadic(BigInteger unscaled, int exponent) {
    static final Dyadic ZERO = new Dyadic(BigInteger.ZERO, 0);

    private static final int PRECISION = Double.PRECISION;
    private static final int SMALLEST_EXPONENT = Double.MIN_EXPONENT - PRECISION + 1;

    Dyadic times(Dyadic other) {
        return new Dyadic(unscaled.multiply(other.unscaled), exponent + other.exponent);
    }

    Dyadic times(BigInteger factor) {
        return new Dyadic(unscaled.multiply(factor), exponent);
    }

    Dyadic times(long factor) {
        return new Dyadic(unscaled.multiply(BigInteger.valueOf(factor)), exponent);
    }

    Dyadic minus(Dyadic other) {
        int unit = Math.min(exponent, other.exponent);
        return new Dyadic(inUnits(unit).subtract(other.inUnits(unit)), unit);
    }

    private BigInteger inUnits(int unit) {
        return unscaled.shiftLeft(exponent - unit);
    }

    int signum() {
        return unscaled.signum();
    }

    /// This number, rounded to the nearest double, ties to even.
    double rounded() {
        return dividedBy(BigInteger.ONE);
    }

    /// This number over `divisor`, rounded once to the nearest double, ties to even.
    double dividedBy(Dyadic divisor) {
        var magnitude = new Dyadic(unscaled, exponent - divisor.exponent);
        double quotient = magnitude.dividedBy(divisor.unscaled.abs());
        return divisor.signum() < 0 ? -quotient : quotient;
    }

    /// This number over a positive `divisor`, rounded once to the nearest double, ties to even.
    double dividedBy(BigInteger divisor) {
        if (unscaled.signum() == 0) {
            return 0;
        }
        // Enough quotient bits that a remainder can only matter through one sticky bit below them.
        int shift = Math.max(0, PRECISION + 3 + divisor.bitLength() - unscaled.bitLength());
        var parts = unscaled.abs().shiftLeft(shift).divideAndRemainder(divisor);
        var quotient = parts[0].shiftLeft(1);
        if (parts[1].signum() != 0) {
            quotient = quotient.setBit(0);
        }
        double size = round(quotient, exponent - shift - 1);
        return unscaled.signum() < 0 ? -size : size;
    }

    /// `units * 2^unit` rounded to 53 bits, or to fewer where the result is subnormal.
    private static double round(BigInteger units, int unit) {
        int lastBit = Math.max(unit + units.bitLength() - PRECISION, SMALLEST_EXPONENT);
        int drop = lastBit - unit;
        if (drop <= 0) {
            return Math.scalb((double) units.longValueExact(), unit);
        }
        var kept = units.shiftRight(drop);
        boolean half = units.testBit(drop - 1);
        boolean beyondHalf = half && units.getLowestSetBit() < drop - 1;
        long significand = kept.longValueExact();
        if (beyondHalf || (half && (significand & 1) == 1)) {
            significand++;
        }
        return Math.scalb((double) significand, lastBit);
    }
}
