package assay.domain.work;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Makes ids: the prefix, an underscore and letters and digits.
///
/// Ids of what is many begin with their time, if it is known: they sort as they came, so an index
/// on them grows at its end and is not touched all over.
public final class Ids {
    private static final String ALPHABET =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 8;

    /// Events, runs and leases are many; with this length a collision is not to be expected among
    /// 10^10 of them.
    private static final int LONG_LENGTH = 14;

    private static final Set<String> LONG = Set.of("event", "run", "lease");

    /// Digits of a time, which last until 2081, and what tells ids of one millisecond apart.
    private static final int TIME_LENGTH = 7;

    private static final int AFTER_TIME_LENGTH = 9;

    /// For units of work that make nothing.
    public static final Ids NONE =
            new Ids(() -> {
                throw new IllegalStateException("a unit of work that only reads made an id");
            });

    private final RandomGenerator random;
    private final Optional<String> time;

    /// Made when the first number is: a process that only reads does without the providers behind
    /// it.
    private static final class Secure {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    /// Ids nobody can guess.
    public Ids() {
        this(secure());
    }

    /// Numbers nobody can guess.
    public static RandomGenerator secure() {
        return () -> Secure.RANDOM.nextLong();
    }

    /// Ids from a source of the caller's.
    public Ids(RandomGenerator random) {
        this(random, Optional.empty());
    }

    private Ids(RandomGenerator random, Optional<String> time) {
        this.random = random;
        this.time = time;
    }

    /// Ids of the same source, made at a time.
    public Ids at(Instant now) {
        return new Ids(random, Optional.of(digits(now.toEpochMilli())));
    }

    private static String digits(long millis) {
        var digits = new char[TIME_LENGTH];
        var left = Math.max(0, millis);
        for (var place = TIME_LENGTH - 1; place >= 0; place--) {
            digits[place] = ALPHABET.charAt((int) (left % ALPHABET.length()));
            left /= ALPHABET.length();
        }
        return new String(digits);
    }

    /// A new id such as `experiment_hR5nVkTw`.
    public String next(String prefix) {
        var id = new StringBuilder(prefix).append('_');
        var length = LENGTH;
        if (LONG.contains(prefix)) {
            time.ifPresent(id::append);
            length = time.isPresent() ? AFTER_TIME_LENGTH : LONG_LENGTH;
        }
        var wanted = id.length() + length;
        while (id.length() < wanted) {
            // Each draw costs more than all else here, so all ten groups of six bits are used.
            var bits = random.nextLong();
            for (var group = 0; group < 10 && id.length() < wanted; group++, bits >>>= 6) {
                var index = (int) (bits & 63);
                if (index < ALPHABET.length()) {
                    id.append(ALPHABET.charAt(index));
                }
            }
        }
        return id.toString();
    }
}
