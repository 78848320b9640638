/// Inference for data that are looked at once, at a sample size chosen beforehand.
@org.jspecify.annotations.NullMarked
package assay.stats.fixed;
