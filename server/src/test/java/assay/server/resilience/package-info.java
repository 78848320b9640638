/// The real program in processes of its own, under load and put to death.
@org.jspecify.annotations.NullMarked
package assay.server.resilience;
