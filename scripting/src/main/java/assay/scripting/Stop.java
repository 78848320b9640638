package assay.scripting;

import java.util.List;

/// Why a script was ended from outside: the outcome it comes to, once its log is known.
@FunctionalInterface
interface Stop {
    Outcome with(List<String> logs);

    /// A limit that is used up.
    static Stop over(Outcome.Limit limit, Limits limits) {
        var detail =
                switch (limit) {
                    case TIME ->
                            "The script ran longer than its limit of %s."
                                    .formatted(seconds(limits));
                    case STATEMENTS -> more("executed", limits.statements(), "statements");
                    case MEMORY -> more("allocated", limits.allocatedBytes(), "bytes of memory");
                    case STACK ->
                            "The script called functions inside functions, deeper than the limit of %,d."
                                    .formatted(Confinement.FRAMES);
                    case HOST_CALLS -> more("made", limits.hostCalls(), "calls of functions of $");
                    case LOGS -> more("logged", limits.logCharacters(), "characters");
                    case RESULT ->
                            "The result of the script is longer than the limit of %,d characters of JSON."
                                    .formatted(limits.resultCharacters());
                    case PENDING -> "The script awaits a promise that nothing can settle any more.";
                };
        return logs -> new Outcome.OverLimit(limit, detail, logs);
    }

    private static String more(String did, long limit, String of) {
        return "The script %s more than its limit of %,d %s.".formatted(did, limit, of);
    }

    private static String seconds(Limits limits) {
        long milliseconds = limits.time().toMillis();
        return milliseconds % 1_000 == 0 ? milliseconds / 1_000 + " s" : milliseconds + " ms";
    }
}
