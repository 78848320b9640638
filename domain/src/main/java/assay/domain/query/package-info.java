/// What find and search may ask of the store: parsed here once, checked against the nouns.
@org.jspecify.annotations.NullMarked
package assay.domain.query;
