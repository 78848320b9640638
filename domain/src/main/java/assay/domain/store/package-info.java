/// The one place that keeps objects and the only one that knows SQL: a SQLite file per tenant.
@org.jspecify.annotations.NullMarked
package assay.domain.store;
