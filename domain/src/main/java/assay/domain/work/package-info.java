/// One unit of work on a tenant: the verbs over nouns that every surface ends in.
@org.jspecify.annotations.NullMarked
package assay.domain.work;
