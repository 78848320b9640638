/// How far a judge can be trusted, and what is true although it cannot: agreement, bias, and means
/// corrected by a few labels of people.
@org.jspecify.annotations.NullMarked
package assay.stats.judge;
