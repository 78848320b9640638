/// The loop of a prompt experiment: units of work are leased to whoever runs the model, and what
/// came of them is recorded.
@org.jspecify.annotations.NullMarked
package assay.domain.loop;
