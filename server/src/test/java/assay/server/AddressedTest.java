package assay.server;

import static assay.server.TestTools.json;
import static assay.server.TestTools.parse;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.Caller;
import assay.domain.noun.Noun;
import assay.server.cli.Scripts;
import assay.server.http.HttpSettings;
import assay.server.http.HttpTransport;
import assay.server.http.HttpWire;
import assay.server.mcp.Changes;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Json;
import assay.server.mcp.Limits;
import assay.server.mcp.ToolCatalog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What clients read by address, and what is proposed while a user types one.
@DisplayNameGeneration(ReplaceUnderscores.class)
class AddressedTest {
    private static final Caller CALLER = new Caller("default", "reader", false);
    private static final String RUNNING =
            """
            const e = await $.Experiment.create({
              name: "Length of the checkout's page", slug: 'checkout-length', primaryMetric: 'bought',
              variants: [{ key: 'control' }, { key: 'short' }],
            })
            await $.Experiment.start(e.$id)
            const units = Array.from({ length: 40 }, (_, i) => 'u' + i)
            const arms = await $.Experiment.assign(e.$id, units)
            await $.Experiment.record(e.$id, units.map((subject, i) => ({ subject, metric: 'bought', value: i % 2 })))
            await $.Prompt.create({ name: 'Support reply', template: 'Answer {{question}}' })
            await $.Prompt.version('support-reply', { template: 'Answer briefly: {{question}}' })
            await $.Dataset.create({ name: 'Questions', slug: 'questions', items: [{ input: { question: '1 + 1?' } }] })
            return e.$id
            """;

    private static final String DRAFT =
            "await $.Experiment.create({ name: 'Colour of the button', slug: 'button.colour' })";

    @TempDir Path data;

    private Engine engine;
    private HttpWire wire;
    private String id;

    @BeforeEach
    void serve() {
        engine = Engine.open(data, false, true, data, Scripts.DEFAULT);
        var nouns = engine.nouns().stream().map(Noun::name).toList();
        var catalog = ToolCatalog.of(engine.tools(), nouns, "0", "");
        var http =
                HttpTransport.start(
                        new Dispatcher(catalog, new Changes(), Limits.DEFAULT),
                        HttpSettings.of("127.0.0.1", 0, CALLER));
        wire = new HttpWire(http.port(), () -> http.stop(Duration.ZERO));
        wire.initialized();
        id = script(RUNNING).stringValue();
        script(DRAFT);
    }

    @AfterEach
    void end() {
        wire.close();
        engine.close();
    }

    enum Protocol {
        HANDSHAKE,
        STATELESS
    }

    private ObjectNode ask(Protocol protocol, String method, String params) {
        return protocol == Protocol.HANDSHAKE
                ? wire.ask(method, params)
                : wire.await(wire.request(method, Wire.stateless(params)));
    }

    private JsonNode tool(String name, ObjectNode arguments) {
        var reply =
                ScopedValue.where(Caller.CURRENT, CALLER)
                        .call(() -> engine.tools().call(name, arguments));
        assertThat(reply.value().has("error")).as(reply.value().toPrettyString()).isFalse();
        return reply.value();
    }

    private JsonNode script(String script) {
        return tool("do", Json.object().put("script", script)).path("result");
    }

    private String read(Protocol protocol, String uri, String mimeType) {
        var contents =
                ask(protocol, "resources/read", "{'uri': '" + uri + "'}").at("/result/contents");
        assertThat(contents).hasSize(1);
        assertThat(contents.path(0).path("uri").asString()).isEqualTo(uri);
        assertThat(contents.path(0).path("mimeType").asString()).isEqualTo(mimeType);
        return contents.path(0).path("text").asString();
    }

    private static List<String> texts(JsonNode array, String member) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(one -> one.path(member).asString())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void an_experiment_is_read_as_fetch_gives_it(Protocol protocol) {
        var fetched = tool("fetch", Json.object().put("id", id));
        assertThat(parse(read(protocol, "experiment://" + id, "application/json")))
                .isEqualTo(fetched);
        assertThat(parse(read(protocol, "experiment://checkout-length", "application/json")))
                .isEqualTo(fetched);
    }

    @ParameterizedTest
    @EnumSource
    void an_address_may_be_escaped(Protocol protocol) {
        assertThat(
                        parse(read(protocol, "experiment://button%2Ecolour", "application/json"))
                                .path("name")
                                .asString())
                .isEqualTo("Colour of the button");
    }

    @ParameterizedTest
    @EnumSource
    void a_type_is_read_as_fetch_gives_it(Protocol protocol) {
        var fetched = tool("fetch", Json.object().put("type", "Schema").put("id", "Experiment"));
        assertThat(parse(read(protocol, "schema://Experiment", "application/json")))
                .isEqualTo(fetched);
        assertThat(parse(read(protocol, "schema://experiment", "application/json")))
                .isEqualTo(fetched);
    }

    @ParameterizedTest
    @EnumSource
    void the_results_are_a_page_and_reading_them_is_a_logged_look(Protocol protocol) {
        var before = looks();
        var page = read(protocol, "experiment://" + id + "/results.md", "text/markdown");
        assertThat(page)
                .startsWith("# Results of 'Length of the checkout\\\\'s page'\n")
                .contains("| looks | %d |".formatted(before + 1));
        assertThat(looks()).isEqualTo(before + 2);
    }

    /// How many looks there were, this one included.
    private int looks() {
        return script("return (await $.Experiment.results('%s')).validity.looks".formatted(id))
                .intValue();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_not_there_is_told_with_where_to_look(Protocol protocol) {
        var unknown = protocol == Protocol.HANDSHAKE ? -32002 : -32602;
        var error =
                ask(protocol, "resources/read", "{'uri': 'experiment://experiment_nothing'}")
                        .path("error");
        assertThat(error.path("code").asInt()).isEqualTo(unknown);
        assertThat(error.path("message").asString())
                .startsWith("There is no resource 'experiment://experiment_nothing'. ")
                .contains("search");
        assertThat(error.path("data"))
                .isEqualTo(json("{'uri': 'experiment://experiment_nothing'}"));
        var type = ask(protocol, "resources/read", "{'uri': 'schema://Nothing'}").path("error");
        assertThat(type.path("code").asInt()).isEqualTo(unknown);
        var nested = ask(protocol, "resources/read", "{'uri': 'experiment://a/b'}").path("error");
        assertThat(nested.path("code").asInt()).isEqualTo(unknown);
    }

    @ParameterizedTest
    @EnumSource
    void what_a_tool_refuses_comes_with_its_repair(Protocol protocol) {
        var error =
                ask(protocol, "resources/read", "{'uri': 'experiment://button.colour/results.md'}")
                        .path("error");
        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("data").path("reason").asString()).isEqualTo("illegal_transition");
        assertThat(error.path("message").asString())
                .isEqualTo(
                        error.at("/data/message").asString()
                                + " "
                                + error.at("/data/repair").asString());
    }

    @ParameterizedTest
    @EnumSource
    void templates_say_what_can_be_read_and_the_list_has_the_newest_experiments(Protocol protocol) {
        assertThat(
                        texts(
                                ask(protocol, "resources/templates/list", "{}")
                                        .at("/result/resourceTemplates"),
                                "uriTemplate"))
                .containsExactly(
                        "experiment://{id}", "experiment://{id}/results.md", "schema://{noun}");
        var listed = ask(protocol, "resources/list", "{}").at("/result/resources");
        assertThat(listed).hasSize(3);
        assertThat(listed.path(0).path("uri").asString()).isEqualTo("assay://guide");
        assertThat(listed.path(2))
                .isEqualTo(
                        json("{'uri': '', 'name': '', 'title': '', 'description': 'Experiment, Running', 'mimeType': 'application/json'}")
                                .put("uri", "experiment://" + id)
                                .put("name", id)
                                .put("title", "'Length of the checkout\\'s page'"));
    }

    private List<String> proposed(Protocol protocol, String ref, String argument, String typed) {
        var completion =
                ask(
                                protocol,
                                "completion/complete",
                                "{'ref': %s, 'argument': {'name': '%s', 'value': '%s'}}"
                                        .formatted(ref, argument, typed))
                        .at("/result/completion");
        assertThat(completion.path("hasMore").asBoolean(true)).isFalse();
        assertThat(completion.path("total").asInt()).isEqualTo(completion.path("values").size());
        return completion.path("values").valueStream().map(JsonNode::asString).toList();
    }

    private static String prompt(String name) {
        return "{'type': 'ref/prompt', 'name': '" + name + "'}";
    }

    private static String resource(String template) {
        return "{'type': 'ref/resource', 'uri': '" + template + "'}";
    }

    @ParameterizedTest
    @EnumSource
    void an_experiment_is_proposed_by_its_slug_its_id_or_words_of_its_name(Protocol protocol) {
        var ref = resource("experiment://{id}");
        assertThat(proposed(protocol, ref, "id", ""))
                .containsExactly("button.colour", "checkout-length");
        assertThat(proposed(protocol, ref, "id", "Check")).containsExactly("checkout-length");
        assertThat(proposed(protocol, ref, "id", id.substring(0, 15))).containsExactly(id);
        assertThat(proposed(protocol, ref, "id", "colour of")).containsExactly("button.colour");
        assertThat(proposed(protocol, ref, "id", "button_")).isEmpty();
        assertThat(proposed(protocol, ref, "id", "x".repeat(300))).isEmpty();
        assertThat(proposed(protocol, resource("experiment://{id}/results.md"), "id", "b"))
                .containsExactly("button.colour");
        assertThat(proposed(protocol, prompt("read-results"), "experiment", "checkout"))
                .containsExactly("checkout-length");
    }

    @ParameterizedTest
    @EnumSource
    void a_prompt_is_proposed_by_its_family_and_then_by_its_versions(Protocol protocol) {
        var ref = prompt("optimize-prompt");
        assertThat(proposed(protocol, ref, "prompt", "sup")).containsExactly("support-reply");
        assertThat(proposed(protocol, ref, "prompt", "support-reply@"))
                .containsExactlyInAnyOrder("support-reply@1", "support-reply@2");
        assertThat(proposed(protocol, ref, "dataset", "")).containsExactly("questions");
        assertThat(proposed(protocol, ref, "goal", "")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_type_is_proposed_by_the_beginning_of_its_name(Protocol protocol) {
        var ref = resource("schema://{noun}");
        assertThat(proposed(protocol, ref, "noun", "ex")).containsExactly("Experiment");
        assertThat(proposed(protocol, ref, "noun", ""))
                .hasSameSizeAs(engine.nouns())
                .contains("Experiment", "Prompt", "Dataset");
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_proposed_for_what_is_not_offered(Protocol protocol) {
        assertThat(proposed(protocol, prompt("nothing"), "id", "")).isEmpty();
        assertThat(proposed(protocol, resource("nothing://{id}"), "id", "")).isEmpty();
    }

    @Test
    void a_prompt_quotes_what_the_user_wrote_and_leaves_code_as_it_is() {
        var text =
                wire.ask(
                                "prompts/get",
                                "{'name': 'optimize-prompt', 'arguments': {'goal': 'Say {budget}\\n', 'prompt': ' support-reply '}}")
                        .at("/result/messages/0/content/text")
                        .asString();
        assertThat(text)
                .contains("in the user's words: \"Say {budget}\"\n")
                .contains("The prompt: \"support-reply\"\n")
                .contains("The dataset: to be made by you and shown to me\n")
                .contains("$.Experiment.next(params.id, { n: 20, worker: 'me' })");
        assertThat(
                        wire.ask("prompts/get", "{'name': 'read-results'}")
                                .at("/error/message")
                                .asString())
                .isEqualTo(
                        "The prompt 'read-results' needs the argument 'experiment': the experiment, by its slug or id.");
    }
}
