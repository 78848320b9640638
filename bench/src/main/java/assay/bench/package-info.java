/// Benchmarks, each with its peer in the same run.
@org.jspecify.annotations.NullMarked
package assay.bench;
