/// Finding the best of many arms without trying the bad ones to the end.
@org.jspecify.annotations.NullMarked
package assay.stats.elimination;
