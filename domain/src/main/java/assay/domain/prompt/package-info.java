/// Prompts in versions, datasets of items to run them on, and judges of what comes out.
@org.jspecify.annotations.NullMarked
package assay.domain.prompt;
