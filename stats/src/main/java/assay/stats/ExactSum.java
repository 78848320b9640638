package assay.stats;

import java.math.BigInteger;
import java.util.Arrays;

/// A sum of doubles without any rounding, so the order of the terms cannot matter, terms can be
/// taken out again, and partial sums merge to the same bits as one sum.
///
/// Two sums are equal if their exact values are. Mutable and not thread-safe.
///
/// Source: R. M. Neal, "Fast exact summation using small and large superaccumulators",
/// arXiv:1505.05571 (the small one): 64-bit chunks whose units lie 32 binary places apart, the
/// carries settled late.
public final class ExactSum {
    private static final int CHUNKS = 67;
    private static final int UNIT = -1075;
    private static final long LOW = 0xffff_ffffL;

    /// A term adds less than 2^53 to a chunk, so this many fit into 63 bits before carries must
    /// settle.
    private static final int TERMS_BETWEEN_CARRIES = 1023;

    private final long[] chunks = new long[CHUNKS];
    private int termsUntilCarry = TERMS_BETWEEN_CARRIES;

    public static ExactSum of(double... terms) {
        var sum = new ExactSum();
        for (double term : terms) {
            sum.add(term);
        }
        return sum;
    }

    /// Adds a term.
    ///
    /// @throws IllegalArgumentException if the term is not finite; the sum is then unchanged
    public void add(double term) {
        accumulate(term, false);
    }

    /// Takes out a term that was added before, or adds its negative.
    ///
    /// @throws IllegalArgumentException if the term is not finite; the sum is then unchanged
    public void subtract(double term) {
        accumulate(term, true);
    }

    /// Adds `a * b` without rounding it, by the error-free product of a fused multiply-add.
    /// Products smaller in size than 2^-969 lose what lies below 2^-1074.
    ///
    /// @throws IllegalArgumentException if the product is not finite; the sum is then unchanged
    public void addProduct(double a, double b) {
        accumulateProduct(a, b, false);
    }

    /// Takes out a product that was added before.
    ///
    /// @throws IllegalArgumentException if the product is not finite; the sum is then unchanged
    public void subtractProduct(double a, double b) {
        accumulateProduct(a, b, true);
    }

    public void merge(ExactSum other) {
        combine(other, 1);
    }

    /// Takes out a sum that was merged before.
    public void unmerge(ExactSum other) {
        combine(other, -1);
    }

    public ExactSum copy() {
        var copy = new ExactSum();
        copy.merge(this);
        return copy;
    }

    /// The exact sum, rounded once to the nearest double, ties to even.
    public double value() {
        return exact().rounded();
    }

    Dyadic exact() {
        settleCarries();
        int first = firstChunk();
        return first == CHUNKS
                ? Dyadic.ZERO
                : new Dyadic(new BigInteger(digits(first)), UNIT + Integer.SIZE * first);
    }

    /// The exact sum in as few bytes as it takes, equal for equal sums: nothing for zero, else the
    /// index of the lowest chunk in use followed by the sum in units of it, two's complement, most
    /// significant byte first.
    public byte[] toBytes() {
        settleCarries();
        int first = firstChunk();
        if (first == CHUNKS) {
            return new byte[0];
        }
        byte[] number = new BigInteger(digits(first)).toByteArray();
        byte[] bytes = new byte[number.length + 1];
        bytes[0] = (byte) first;
        System.arraycopy(number, 0, bytes, 1, number.length);
        return bytes;
    }

    /// The sum that [#toBytes()] wrote.
    ///
    /// @throws IllegalArgumentException if no sum is written like that
    public static ExactSum fromBytes(byte[] bytes) {
        var sum = new ExactSum();
        if (bytes.length == 0) {
            return sum;
        }
        int first = bytes[0];
        int room = Integer.BYTES * (CHUNKS - first);
        if (bytes.length == 1 || first < 0 || first >= CHUNKS || bytes.length - 1 > room) {
            throw new IllegalArgumentException("Not the bytes of an exact sum");
        }
        byte[] number = new byte[room];
        Arrays.fill(number, bytes[1] < 0 ? (byte) -1 : 0);
        System.arraycopy(bytes, 1, number, room - bytes.length + 1, bytes.length - 1);
        for (int i = first; i < CHUNKS; i++) {
            sum.chunks[i] = readChunk(number, Integer.BYTES * (CHUNKS - 1 - i));
        }
        // The top chunk carries the sign.
        sum.chunks[CHUNKS - 1] = (int) sum.chunks[CHUNKS - 1];
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExactSum that && Arrays.equals(toBytes(), that.toBytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }

    @Override
    public String toString() {
        return "ExactSum[" + value() + "]";
    }

    private void accumulateProduct(double a, double b, boolean negate) {
        double product = a * b;
        accumulate(product, negate);
        accumulate(Math.fma(a, b, -product), negate);
    }

    private void accumulate(double term, boolean negate) {
        long bits = Double.doubleToRawLongBits(term);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        long significand = bits & 0xf_ffff_ffff_ffffL;
        if (exponent == 0x7ff) {
            throw new IllegalArgumentException("Cannot be summed: " + term);
        }
        if (exponent == 0) {
            exponent = 1;
        } else {
            significand |= 1L << 52;
        }
        int chunk = exponent >>> 5;
        int shift = exponent & 31;
        long low = (significand << shift) & LOW;
        long high = (significand >>> 1) >>> (31 - shift);
        if (bits < 0 != negate) {
            low = -low;
            high = -high;
        }
        chunks[chunk] += low;
        chunks[chunk + 1] += high;
        if (--termsUntilCarry == 0) {
            settleCarries();
        }
    }

    private void combine(ExactSum other, int sign) {
        settleCarries();
        other.settleCarries();
        for (int i = 0; i < CHUNKS; i++) {
            chunks[i] += sign * other.chunks[i];
        }
        settleCarries();
    }

    /// Brings every chunk but the top one into 0 to 2^32 - 1, which makes the chunks unique.
    private void settleCarries() {
        termsUntilCarry = TERMS_BETWEEN_CARRIES;
        for (int i = 0; i < CHUNKS - 1; i++) {
            chunks[i + 1] += chunks[i] >> 32;
            chunks[i] &= LOW;
        }
    }

    private int firstChunk() {
        int first = 0;
        while (first < CHUNKS && chunks[first] == 0) {
            first++;
        }
        return first;
    }

    private byte[] digits(int first) {
        byte[] digits = new byte[Integer.BYTES * (CHUNKS - first)];
        for (int i = CHUNKS - 1, at = 0; i >= first; i--) {
            for (int bit = 24; bit >= 0; bit -= 8) {
                digits[at++] = (byte) (chunks[i] >>> bit);
            }
        }
        return digits;
    }

    private static long readChunk(byte[] number, int at) {
        long chunk = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            chunk = chunk << 8 | (number[at + i] & 0xff);
        }
        return chunk;
    }
}
