package assay.server.conformance;

import static assay.server.TestTools.json;

import assay.server.mcp.Call;
import assay.server.mcp.Catalog;
import assay.server.mcp.Catalog.Feature;
import assay.server.mcp.Catalog.Handler;
import assay.server.mcp.Catalog.Prompt;
import assay.server.mcp.Catalog.Resource;
import assay.server.mcp.Catalog.Template;
import assay.server.mcp.Catalog.Tool;
import assay.server.mcp.Change;
import assay.server.mcp.Changes;
import assay.server.mcp.Json;
import assay.server.mcp.Question;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/// What the official conformance suite calls by name, using all that the dispatcher can do.
final class Fixtures {
    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
    private static final String WAV =
            "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQAAAAA=";
    private static final String IMAGE =
            "{'type': 'image', 'data': '" + PNG + "', 'mimeType': 'image/png'}";
    private static final String TEMPLATE = "test://template/";

    private final SequencedMap<String, Tool> tools = new LinkedHashMap<>();
    private final SequencedMap<String, Resource> resources = new LinkedHashMap<>();
    private final SequencedMap<String, Prompt> prompts = new LinkedHashMap<>();
    private final Changes changes;

    private Fixtures(Changes changes) {
        this.changes = changes;
    }

    static Catalog catalog(Changes changes) {
        var fixtures = new Fixtures(changes);
        fixtures.addContent();
        fixtures.addNotifications();
        fixtures.addQuestions();
        fixtures.addRounds();
        fixtures.addSchema();
        fixtures.addResources();
        fixtures.addPrompts();
        return new Catalog(
                json("{'name': 'assay-fixtures', 'version': '1'}"),
                "Fixtures of the conformance suite.",
                fixtures.tools,
                fixtures.resources,
                List.of(template()),
                fixtures.prompts,
                EnumSet.allOf(Feature.class));
    }

    private void addContent() {
        tool("test_simple_text", _ -> text("This is a simple text response for testing."));
        tool("test_image_content", _ -> content(IMAGE));
        tool(
                "test_audio_content",
                _ -> content("{'type': 'audio', 'data': '" + WAV + "', 'mimeType': 'audio/wav'}"));
        tool(
                "test_embedded_resource",
                _ ->
                        content(
                                embedded(
                                        "test://embedded-resource",
                                        "text/plain",
                                        "This is an embedded resource content.")));
        tool(
                "test_multiple_content_types",
                _ ->
                        content(
                                "{'type': 'text', 'text': 'Multiple content types test:'}, "
                                        + IMAGE
                                        + ", "
                                        + embedded(
                                                "test://mixed-content-resource",
                                                "application/json",
                                                "{}")));
        tool(
                "test_error_handling",
                _ ->
                        text("This tool intentionally returns an error for testing")
                                .put("isError", true));
        tool("test_reconnection", _ -> text("ok"));
    }

    private void addNotifications() {
        tool(
                "test_tool_with_logging",
                call -> {
                    call.log("info", "Tool execution started");
                    call.log("info", "Tool processing data");
                    call.log("info", "Tool execution completed");
                    return text("ok");
                });
        tool(
                "test_logging_tool",
                call -> {
                    call.log("info", "hello");
                    return text("ok");
                });
        tool(
                "test_tool_with_progress",
                call -> {
                    call.progress(0, 100);
                    call.progress(50, 100);
                    call.progress(100, 100);
                    return text("ok");
                });
        tool("test_trigger_tool_change", _ -> publish(Change.TOOLS));
        tool("test_trigger_prompt_change", _ -> publish(Change.PROMPTS));
    }

    private ObjectNode publish(Change change) {
        changes.publish(change);
        return text("ok");
    }

    private void addQuestions() {
        tool(
                "test_sampling",
                call ->
                        text(
                                "LLM response: "
                                        + call.ask(
                                                        "answer",
                                                        sampling(argument(call, "prompt"), 100))
                                                .at("/content/text")
                                                .asString("")));
        tool(
                "test_elicitation",
                call ->
                        text(
                                "User response: "
                                        + call.ask(
                                                "user",
                                                form(
                                                        argument(call, "message"),
                                                        "'username': {'type': 'string'}, 'email': {'type': 'string'}",
                                                        "username",
                                                        "email"))));
        tool(
                "test_elicitation_sep1034_defaults",
                call ->
                        text(
                                "Elicitation completed: "
                                        + call.ask(
                                                "defaults",
                                                form(
                                                        "Defaults",
                                                        """
                                                        'name': {'type': 'string', 'default': 'John Doe'},
                                                        'age': {'type': 'integer', 'default': 30},
                                                        'score': {'type': 'number', 'default': 95.5},
                                                        'status': {'type': 'string', 'enum': ['active', 'inactive', 'pending'], 'default': 'active'},
                                                        'verified': {'type': 'boolean', 'default': true}\
                                                        """))));
        tool(
                "test_elicitation_sep1330_enums",
                call ->
                        text(
                                "Elicitation completed: "
                                        + call.ask(
                                                "enums",
                                                form(
                                                        "Enums",
                                                        """
                                                        'untitledSingle': {'type': 'string', 'enum': ['option1', 'option2', 'option3']},
                                                        'titledSingle': {'type': 'string', 'oneOf': [
                                                            {'const': 'value1', 'title': 'First Option'},
                                                            {'const': 'value2', 'title': 'Second Option'},
                                                            {'const': 'value3', 'title': 'Third Option'}]},
                                                        'legacyEnum': {'type': 'string', 'enum': ['opt1', 'opt2', 'opt3'],
                                                            'enumNames': ['Option One', 'Option Two', 'Option Three']},
                                                        'untitledMulti': {'type': 'array',
                                                            'items': {'type': 'string', 'enum': ['option1', 'option2', 'option3']}},
                                                        'titledMulti': {'type': 'array', 'items': {'anyOf': [
                                                            {'const': 'value1', 'title': 'First Choice'},
                                                            {'const': 'value2', 'title': 'Second Choice'},
                                                            {'const': 'value3', 'title': 'Third Choice'}]}}\
                                                        """))));
        tool(
                "test_missing_capability",
                call -> {
                    call.require("sampling");
                    return text("ok");
                });
        tool(
                "test_streaming_elicitation",
                call -> {
                    call.progress(1, 2);
                    return text(
                            call.ask("go", form("Go on?", "'ok': {'type': 'boolean'}")).toString());
                });
    }

    /// Questions that in the stateless era take more than one round.
    private void addRounds() {
        var name = form("What is your name?", "'name': {'type': 'string'}", "name");
        var color =
                form(
                        "Step 2: What is your favorite color?",
                        "'color': {'type': 'string'}",
                        "color");
        var confirm = form("Please confirm", "'ok': {'type': 'boolean'}", "ok");
        var roots = new Question("roots/list", Json.object());
        round(
                "elicitation",
                call ->
                        text(
                                "Hello, "
                                        + call.ask("user_name", name)
                                                .at("/content/name")
                                                .asString("")
                                        + "!"));
        round(
                "sampling",
                call ->
                        text(
                                call.ask(
                                                "capital_question",
                                                sampling("What is the capital of France?", 100))
                                        .toString()));
        round("list_roots", call -> text(call.ask("client_roots", roots).toString()));
        round("request_state", call -> confirmed(call, confirm));
        round("tampered_state", call -> confirmed(call, confirm));
        round(
                "multiple_inputs",
                call ->
                        text(
                                call.ask(
                                                Map.of(
                                                        "user_name",
                                                        name,
                                                        "greeting",
                                                        sampling("Generate a greeting", 50),
                                                        "client_roots",
                                                        roots))
                                        .keySet()
                                        .toString()));
        round(
                "multi_round",
                call -> {
                    call.ask("step1", name);
                    call.ask("step2", color);
                    return text("done");
                });
        round(
                "capabilities",
                call -> {
                    var questions = new LinkedHashMap<String, Question>();
                    if (call.can("sampling")) {
                        questions.put("sampling", sampling("hi", 10));
                    }
                    if (call.can("elicitation")) {
                        questions.put("elicitation", name);
                    }
                    return text(call.ask(questions).toString());
                });
    }

    private void round(String name, Handler handler) {
        tool("test_input_required_result_" + name, handler);
    }

    private static ObjectNode confirmed(Call call, Question confirm) throws InterruptedException {
        call.ask("confirm", confirm);
        return text("state-ok");
    }

    private void addSchema() {
        var definition =
                json(
                        """
                        {'name': 'json_schema_2020_12_tool', 'description': 'A fixture.', 'inputSchema': {
                          '$schema': 'https://json-schema.org/draft/2020-12/schema', 'type': 'object',
                          '$defs': {'address': {'$anchor': 'addressDef', 'type': 'object',
                            'properties': {'street': {'type': 'string'}, 'city': {'type': 'string'}}}},
                          'properties': {'name': {'type': 'string'}, 'address': {'$ref': '#/$defs/address'},
                            'contactMethod': {'type': 'string', 'enum': ['phone', 'email']},
                            'phone': {'type': 'string'}, 'email': {'type': 'string'}},
                          'allOf': [{'anyOf': [{'required': ['phone']}, {'required': ['email']}]}],
                          'if': {'properties': {'contactMethod': {'const': 'phone'}}, 'required': ['contactMethod']},
                          'then': {'required': ['phone']}, 'else': {'required': ['email']},
                          'additionalProperties': false}}\
                        """);
        tools.put("json_schema_2020_12_tool", new Tool(definition, _ -> text("ok")));
    }

    private void addResources() {
        resource(
                "test://static-text",
                "text/plain",
                "'text': 'This is the content of the static text resource.'");
        resource("test://static-binary", "image/png", "'blob': '" + PNG + "'");
        resource("test://watched-resource", "text/plain", "'text': 'watched'");
    }

    private static Template template() {
        return new Template(
                json(
                        """
                        {'uriTemplate': 'test://template/{id}/data', 'name': 'template', 'description': 'A fixture.',
                         'mimeType': 'application/json'}\
                        """),
                uri -> uri.startsWith(TEMPLATE) && uri.endsWith("/data"),
                call -> {
                    var uri = call.text("uri");
                    var id = uri.substring(TEMPLATE.length(), uri.lastIndexOf('/'));
                    var data =
                            Json.object()
                                    .put("id", id)
                                    .put("templateTest", true)
                                    .put("data", "Data for ID: " + id);
                    var result = Json.object();
                    result.putArray("contents")
                            .addObject()
                            .put("uri", uri)
                            .put("mimeType", "application/json")
                            .put("text", data.toString());
                    return result;
                });
    }

    private void addPrompts() {
        prompt(
                "test_simple_prompt",
                "",
                _ -> json("{'type': 'text', 'text': 'This is a simple prompt for testing.'}"));
        prompt(
                "test_prompt_with_arguments",
                "{'name': 'arg1', 'required': true}, {'name': 'arg2', 'required': true}",
                call ->
                        Json.object()
                                .put("type", "text")
                                .put(
                                        "text",
                                        "Prompt with arguments: arg1="
                                                + argument(call, "arg1")
                                                + ", arg2="
                                                + argument(call, "arg2")));
        prompt(
                "test_prompt_with_embedded_resource",
                "{'name': 'resourceUri', 'required': true}",
                call ->
                        json(
                                embedded(
                                        argument(call, "resourceUri"),
                                        "text/plain",
                                        "Embedded resource content for testing.")));
        prompt("test_prompt_with_image", "", _ -> json(IMAGE));
        prompt(
                "test_input_required_result_prompt",
                "",
                call -> {
                    call.ask(
                            "user_context",
                            form(
                                    "What context should the prompt use?",
                                    "'context': {'type': 'string'}",
                                    "context"));
                    return json("{'type': 'text', 'text': 'ok'}");
                });
    }

    private void tool(String name, Handler handler) {
        var definition =
                json(
                        "{'name': '"
                                + name
                                + "', 'description': 'A fixture.', 'inputSchema': {'type': 'object'}}");
        tools.put(name, new Tool(definition, handler));
    }

    private void resource(String uri, String mimeType, String body) {
        var about = "'uri': '" + uri + "', 'mimeType': '" + mimeType + "'";
        resources.put(
                uri,
                new Resource(
                        json("{" + about + ", 'name': '" + uri + "', 'description': 'A fixture.'}"),
                        _ -> json("{'contents': [{" + about + ", " + body + "}]}")));
    }

    private void prompt(String name, String arguments, Handler content) {
        prompts.put(
                name,
                new Prompt(
                        json(
                                "{'name': '"
                                        + name
                                        + "', 'description': 'A fixture.', 'arguments': ["
                                        + arguments
                                        + "]}"),
                        call -> {
                            var result = Json.object();
                            result.putArray("messages")
                                    .addObject()
                                    .put("role", "user")
                                    .set("content", content.handle(call));
                            return result;
                        }));
    }

    private static String argument(Call call, String name) {
        return call.params().path("arguments").path(name).asString("");
    }

    private static ObjectNode text(String text) {
        var result = Json.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    private static ObjectNode content(String items) {
        return json("{'content': [" + items + "]}");
    }

    private static String embedded(String uri, String mimeType, String text) {
        return "{'type': 'resource', 'resource': {'uri': '"
                + uri
                + "', 'mimeType': '"
                + mimeType
                + "', 'text': '"
                + text
                + "'}}";
    }

    private static Question form(String message, String properties, String... required) {
        var schema = json("{'type': 'object', 'properties': {" + properties + "}}");
        for (var name : required) {
            schema.withArrayProperty("required").add(name);
        }
        return Question.elicit(message, schema);
    }

    private static Question sampling(String prompt, int tokens) {
        var params = Json.object().put("maxTokens", tokens);
        params.putArray("messages")
                .addObject()
                .put("role", "user")
                .putObject("content")
                .put("type", "text")
                .put("text", prompt);
        return new Question("sampling/createMessage", params);
    }
}
