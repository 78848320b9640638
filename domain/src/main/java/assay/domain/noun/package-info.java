/// The noun language: how entity types are declared, and what their fields and verbs mean.
@org.jspecify.annotations.NullMarked
package assay.domain.noun;
