/// What was asked for: verbs, options and the settings that come out of flags and environment.
///
/// Made by hand and driven by two tables, because it stands on the start-up path of every client.
@org.jspecify.annotations.NullMarked
package assay.server.cli;
