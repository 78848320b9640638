/// Saved scripts: what they take, and what they may be made of.
@org.jspecify.annotations.NullMarked
package assay.domain.recipe;
