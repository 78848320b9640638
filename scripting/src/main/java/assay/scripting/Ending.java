package assay.scripting;

import java.util.List;
import java.util.Locale;

/// How a script ended, by itself or otherwise: the outcome it comes to, once its log is known.
@FunctionalInterface
interface Ending {
    Outcome with(List<String> logs);

    /// A limit that is used up.
    static Ending over(Outcome.Limit limit, Limits limits) {
        var did =
                switch (limit) {
                    case TIME -> "ran longer than its limit of " + time(limits);
                    case STATEMENTS -> more("executed", limits.statements(), "statements");
                    case MEMORY -> more("allocated", limits.allocatedBytes(), "bytes of memory");
                    case STACK ->
                            "called functions inside functions, deeper than the limit of "
                                    + number(Confinement.FRAMES);
                    case HOST_CALLS -> more("made", limits.hostCalls(), "calls of functions of $");
                    case LOGS -> more("logged", limits.logCharacters(), "characters");
                    case RESULT ->
                            more("returned", limits.resultCharacters(), "characters of JSON");
                    case PENDING -> "awaits a promise that nothing can settle any more";
                };
        return logs -> new Outcome.OverLimit(limit, "The script " + did + ".", logs);
    }

    private static String more(String did, long limit, String of) {
        return did + " more than its limit of " + number(limit) + " " + of;
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String time(Limits limits) {
        long milliseconds = limits.time().toMillis();
        return milliseconds % 1_000 == 0 ? milliseconds / 1_000 + " s" : milliseconds + " ms";
    }
}
