/// Corrections for asking several questions at once.
@org.jspecify.annotations.NullMarked
package assay.stats.multiplicity;
