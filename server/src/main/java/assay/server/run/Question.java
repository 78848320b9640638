package assay.server.run;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is asked of a model.
///
/// @param messages `[{role, content}]`
/// @param parameters of the API, such as `temperature`
record Question(String model, JsonNode messages, ObjectNode parameters) {}
