/// Posterior probabilities and losses, by quadrature: the same data always give the same digits.
///
/// They describe; they do not protect against looking often. A decision by "probability above 0.95"
/// that is checked again and again is wrong far more often than that.
@org.jspecify.annotations.NullMarked
package assay.stats.bayes;
