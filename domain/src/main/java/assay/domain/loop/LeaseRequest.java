package assay.domain.loop;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.experiment.Span;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What whoever asks for leases wants.
///
/// @param n units at most
/// @param worker who asks, if they say so
/// @param ttl milliseconds that a lease holds
record LeaseRequest(int n, Optional<String> worker, long ttl) {
    private static final List<String> MEMBERS = List.of("n", "worker", "ttl");
    private static final int MOST = 200;
    private static final long USUAL = 600_000;
    private static final long SHORTEST = 1_000;
    private static final long LONGEST = 7L * 86_400_000;
    private static final int LONGEST_NAME = 200;

    /// One unit, asked for by nobody in particular.
    static LeaseRequest usual() {
        return new LeaseRequest(1, Optional.empty(), USUAL);
    }

    /// @param call such as `next`
    /// @param json `{n = 1, worker, ttl = '10m'}`, or nothing
    static LeaseRequest of(String call, JsonNode json) {
        if (!json.isMissingNode() && !json.isNull() && !json.isObject()) {
            throw new Refused(
                    Reason.INVALID_VALUE,
                    "%s cannot take %s.".formatted(call, Quoted.of(json)),
                    "Call %s(id, {n: 10, worker: 'w1', ttl: '10m'}).".formatted(call));
        }
        for (var member : json.propertyNames()) {
            if (!MEMBERS.contains(member)) {
                throw new Refused(
                                Reason.UNKNOWN_FIELD,
                                "%s has no option %s.".formatted(call, Quoted.of(member)),
                                Nearest.hint(member, MEMBERS) + "Send {n, worker, ttl}.")
                        .field(member);
            }
        }
        return new LeaseRequest(n(json.path("n")), worker(json.path("worker")), ttl(json));
    }

    private static int n(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return 1;
        }
        var n = json.isIntegralNumber() ? json.longValue() : 0;
        if (n < 1 || n > MOST) {
            throw invalid("n", json, "a whole number from 1 to %d".formatted(MOST));
        }
        return (int) n;
    }

    /// The name of a worker, if one is given.
    static Optional<String> worker(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Optional.empty();
        }
        var name = json.asString("");
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw invalid("worker", json, "a text of 1 to %d characters".formatted(LONGEST_NAME));
        }
        return Optional.of(name);
    }

    private static long ttl(JsonNode json) {
        var given = json.path("ttl");
        if (given.isMissingNode() || given.isNull()) {
            return USUAL;
        }
        var ttl = Span.read(given.isString() ? given.stringValue() : "").orElse(0);
        if (ttl < SHORTEST || ttl > LONGEST) {
            throw invalid("ttl", given, "a length of time from '1s' to '7d', such as '10m'");
        }
        return ttl;
    }

    private static Refused invalid(String member, JsonNode given, String what) {
        return new Refused(
                        Reason.INVALID_VALUE,
                        "%s is not valid for %s.".formatted(Quoted.of(given), member),
                        "Send %s as %s.".formatted(member, what))
                .field(member);
    }
}
