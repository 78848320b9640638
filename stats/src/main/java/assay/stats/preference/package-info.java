/// Judgements of the form "this one is better than that one".
@org.jspecify.annotations.NullMarked
package assay.stats.preference;
