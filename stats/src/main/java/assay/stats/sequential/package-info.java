/// Inference that holds although somebody looks again and again.
@org.jspecify.annotations.NullMarked
package assay.stats.sequential;
