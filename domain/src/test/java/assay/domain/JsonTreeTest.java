package assay.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.util.RawValue;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonTreeTest {
    private static final String EVERYTHING =
            """
            {"text":"é \\" \\\\ \\n \\u0001 😀","int":-1,"long":9007199254740993,"big":123456789012345678901234567890,\
            "double":0.1,"small":1.0E-7,"true":true,"false":false,"null":null,"empty":{},"none":[],"list":[1,[2,{"a":3}]]}\
            """;

    @Test
    void reads_the_tree_that_a_mapper_reads() {
        assertThat(JsonTree.read(EVERYTHING)).isEqualTo(JsonMapper.shared().readTree(EVERYTHING));
    }

    @Test
    void reads_text_bytes_and_strictly_alike() {
        var bytes = EVERYTHING.getBytes(StandardCharsets.UTF_8);
        assertThat(JsonTree.read(bytes))
                .isEqualTo(JsonTree.read(EVERYTHING))
                .isEqualTo(JsonTree.readStrictly(EVERYTHING));
    }

    @Test
    void writes_the_text_that_a_mapper_writes() {
        var tree = JsonTree.read(EVERYTHING);
        assertThat(JsonTree.text(tree)).isEqualTo(JsonMapper.shared().writeValueAsString(tree));
    }

    @Test
    void writes_bytes_as_text() {
        var bytes = new ByteArrayOutputStream();
        JsonTree.write(JsonTree.read(EVERYTHING), bytes);
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(JsonTree.text(JsonTree.read(EVERYTHING)));
    }

    @Test
    void writes_half_a_pair_of_surrogates_as_a_replacement_character() {
        var bytes = new ByteArrayOutputStream();
        JsonTree.write(JsonTree.read("{\"\\udc00\": [\"\\ud800 \\ud83d\\ude00\"]}"), bytes);
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"\ufffd\":[\"\ufffd \ud83d\ude00\"]}");
    }

    @Test
    void writes_nothing_for_what_is_missing() {
        assertThat(JsonTree.text(JsonNodeFactory.instance.missingNode())).isEmpty();
    }

    @Test
    void writes_raw_json_as_it_is() {
        var tree = JsonNodeFactory.instance.objectNode();
        tree.set("a", JsonNodeFactory.instance.rawValueNode(new RawValue("[1, 2]")));
        assertThat(JsonTree.text(tree)).isEqualTo("{\"a\":[1, 2]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{", "[1", "]", "{\"a\"}", "tru", "1 2", "{} x", "{\"a\": 1,}"})
    void refuses_what_is_not_one_value(String text) {
        assertThatThrownBy(() -> JsonTree.read(text)).isInstanceOf(JacksonException.class);
    }

    @Test
    void takes_the_last_of_two_members_of_one_name_unless_told_to_be_strict() {
        assertThat(JsonTree.text(JsonTree.read("{\"a\":1,\"a\":2}"))).isEqualTo("{\"a\":2}");
        assertThatThrownBy(() -> JsonTree.readStrictly("{\"a\":1,\"a\":2}"))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("There are two members 'a'");
    }
}
