/// Two arms compared by a method that is chosen by its options.
@org.jspecify.annotations.NullMarked
package assay.stats.comparison;
