package assay.domain.experiment;

import assay.domain.Quoted;
import java.util.List;
import java.util.stream.Collectors;

/// Names of users in texts of ours that must stay short: in quotes, and cut.
final class Named {
    private static final int LONGEST = 40;
    private static final int MOST = 4;

    private Named() {}

    static String brief(String name) {
        return Quoted.of(name.length() > LONGEST ? name.substring(0, LONGEST - 1) + "…" : name);
    }

    /// The first few of a list, and how many there are besides.
    static String some(List<String> all) {
        var some = all.stream().limit(MOST).collect(Collectors.joining(", "));
        return all.size() > MOST ? "%s and %d more".formatted(some, all.size() - MOST) : some;
    }
}
