/// Runs the engine against reference vectors: files of inputs and expected outputs.
@org.jspecify.annotations.NullMarked
package assay.stats.vectors;
