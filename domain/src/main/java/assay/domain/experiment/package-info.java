/// Experiments: variants and how subjects get one, iterations, analysis, decision.
@org.jspecify.annotations.NullMarked
package assay.domain.experiment;
