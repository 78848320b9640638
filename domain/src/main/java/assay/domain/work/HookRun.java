package assay.domain.work;

import java.util.Optional;

/// A run of a hook that changes how often it has failed in a row, to be recorded after the end of
/// the unit of work.
///
/// @param hook its id
/// @param failure what it failed with; empty for a success after failures
public record HookRun(String hook, Optional<String> failure) {}
