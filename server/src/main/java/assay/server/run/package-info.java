/// Runs leased experiments: takes units of work, has them answered by a model that the user named,
/// and records what came of them.
@org.jspecify.annotations.NullMarked
package assay.server.run;
