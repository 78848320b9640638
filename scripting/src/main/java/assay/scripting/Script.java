package assay.scripting;

import java.time.Instant;

/// What to run, and the world it sees.
///
/// @param source the text as the agent wrote it
/// @param params JSON text of the value that the script sees as the global `params`
/// @param api JSON text that says what `$` holds: `{"Experiment": ["create", "find"], "":
///   ["search", "fetch"]}`. Each name is an object with one async function per member; the members
///   under the empty name are functions of `$` itself. A member written as `"update:null"` is the
///   value null. One written as `"starting:hook"` takes a function and calls the host with
///   `[{"source": its text}]`; `"before:hook"` and `"after:hook"` take a verb and a function and
///   send `[{"verb": "start", "source": …}]`. A name that is listed twice, as `"reset"` and then as
///   `"reset:hook"`, is a hook when its only argument is a function, and a verb otherwise. The host
///   answers a hook with an object that has a `$id`, which the script gets as a function that calls
///   `Hook.delete`.
/// @param now the instant at which the clock of the script stands still
/// @param seed the seed of the script's `Math.random`
/// @param limits what the script may use up
public record Script(
        String source, String params, String api, Instant now, long seed, Limits limits) {}
