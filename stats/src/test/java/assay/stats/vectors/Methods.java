package assay.stats.vectors;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Which calculation each vector file checks.
final class Methods {
    private static final Map<String, Function<JsonNode, Fields>> BY_FILE = new HashMap<>();

    static {
        BY_FILE.putAll(FixedMethods.BY_FILE);
        BY_FILE.putAll(AssignmentMethods.BY_FILE);
        BY_FILE.putAll(SequentialMethods.BY_FILE);
        BY_FILE.putAll(BayesMethods.BY_FILE);
        BY_FILE.putAll(PlanningMethods.BY_FILE);
        BY_FILE.putAll(StructureMethods.BY_FILE);
    }

    private Methods() {}

    static Function<JsonNode, Fields> of(String file) {
        var method = BY_FILE.get(file.replace(".json", ""));
        return method != null
                ? method
                : _ -> {
                    throw new IllegalStateException("Nothing here calculates " + file);
                };
    }
}
