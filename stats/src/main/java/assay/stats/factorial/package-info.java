/// Several factors in one experiment: main effects and interactions.
@org.jspecify.annotations.NullMarked
package assay.stats.factorial;
