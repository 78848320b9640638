/// Pure functions over sufficient statistics: numbers in, records out; no I/O, no clock, no state.
///
/// Arm A is the control, arm B the treatment, every effect is B - A, rates and probabilities are
/// fractions. A question without an answer is answered with its reason ([Answer]); an argument that
/// no experiment can produce is an [IllegalArgumentException].
@org.jspecify.annotations.NullMarked
package assay.stats;
