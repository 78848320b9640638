/// Comparisons in which the same items went through both arms.
@org.jspecify.annotations.NullMarked
package assay.stats.paired;
