package assay.domain.work;

import java.security.SecureRandom;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Makes ids: the prefix, an underscore and letters and digits.
public final class Ids {
    private static final String ALPHABET =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 8;

    /// Events, runs and leases are many; with this length a collision is not to be expected among
    /// 10^10 of them.
    private static final int LONG_LENGTH = 14;

    private static final Set<String> LONG = Set.of("event", "run", "lease");

    /// For units of work that make nothing.
    public static final Ids NONE =
            new Ids(() -> {
                throw new IllegalStateException("a unit of work that only reads made an id");
            });

    private final RandomGenerator random;

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
        this.random = random;
    }

    /// A new id such as `experiment_hR5nVkTw`.
    public String next(String prefix) {
        var length = LONG.contains(prefix) ? LONG_LENGTH : LENGTH;
        var id = new StringBuilder(prefix).append('_');
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
