/// Distribution functions that stay accurate in the tails and at huge counts: upper tails are
/// computed as such, never as one minus something, and logarithms where a number would underflow.
@org.jspecify.annotations.NullMarked
package assay.stats.distribution;
