/// Who gets which variation, and whether the counts look as if that worked.
@org.jspecify.annotations.NullMarked
package assay.stats.assignment;
