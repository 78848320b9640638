package assay.server.run;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One leased unit: an item to be run under a variant, or an output to be judged.
///
/// @param model that of its prompt, if it names one
record Unit(
        String lease,
        Purpose purpose,
        Optional<String> model,
        JsonNode messages,
        ObjectNode parameters) {
    enum Purpose {
        RUN,
        JUDGE
    }
}
