package assay.scripting;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A host that remembers what it was asked. It answers a call with its arguments, refuses
/// `Experiment.start`, and gives up on `fetch`.
final class World implements Host {
    static final String API =
            """
            {"Experiment": ["create", "find", "start", "update:null"],
             "Event": ["create"],
             "": ["search", "fetch"]}\
            """;

    static final String REFUSAL =
            """
            {"reason":"unknown_id","message":"There is no 'x'.","repair":"Call search first.","legal":["find"]}\
            """;

    private final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public Answer call(String function, String arguments) {
        calls.add(function + arguments);
        return switch (function) {
            case "Experiment.start" -> new Answer.Refusal(REFUSAL);
            case "fetch" -> new Answer.Abandon("somebody else wrote");
            default -> new Answer.Value(arguments);
        };
    }

    List<String> calls() {
        return List.copyOf(calls);
    }
}
