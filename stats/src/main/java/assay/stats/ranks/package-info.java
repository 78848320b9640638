/// Tests that use only the order of the values.
@org.jspecify.annotations.NullMarked
package assay.stats.ranks;
