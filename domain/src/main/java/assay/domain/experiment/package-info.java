/// Experiments: variants and how subjects get one, iterations, analysis, decision, plan.
@org.jspecify.annotations.NullMarked
package assay.domain.experiment;
