package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CutTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /// What a whole MCP reply may have.
    private static final int LONGEST = 400_000;

    @Nested
    class A_value_that_fits {
        @Test
        void is_left_as_it_is() {
            var value = Workspace.json("{'result': [1, 2, {'a': 'b'}]}");
            assertThat(Cut.toFit(value)).isSameAs(value);
        }

        @Test
        void costs_what_it_takes_as_json_and_as_json_in_a_text() {
            var random = new Random(7);
            for (var i = 0; i < 500; i++) {
                var value = object(random, 4, 6, 20);
                assertThat(Cut.costOf(value))
                        .as(value.toString())
                        .isBetween(
                                (long) charactersInReply(value),
                                charactersInReply(value) * 3L / 2 + 10);
            }
        }
    }

    @Nested
    class A_value_that_is_too_large {
        @Test
        void loses_elements_from_the_end_of_its_list() {
            var value = JSON.objectNode();
            var list = value.putArray("result");
            for (var i = 0; i < 100_000; i++) {
                list.add("element " + i);
            }
            var cut = reasonable(value);
            var kept = cut.path("result").size();
            assertThat(kept).isBetween(10_000, 15_000);
            assertThat(cut.path("result").get(kept - 1).stringValue())
                    .isEqualTo("element " + (kept - 1));
            assertThat(cut.path("truncated"))
                    .isEqualTo(
                            Workspace.json(
                                    """
                                    {"parts": [{"path": "result", "kept": %d, "of": 100000}],
                                     "repair": "Ask for less: filter, name the fields you need, page with limit and \
                                    cursor, or return only what you need from the script."}\
                                    """
                                            .formatted(kept)));
        }

        @Test
        void loses_the_end_of_a_long_text() {
            var cut = reasonable(JSON.objectNode().put("result", "x".repeat(10_000_000)));
            assertThat(cut.path("result").stringValue().length()).isGreaterThan(180_000);
            assertThat(cut.path("truncated").path("parts").get(0).path("of").intValue())
                    .isEqualTo(10_000_000);
        }

        @Test
        void keeps_its_small_members_whole() {
            var value = JSON.objectNode().put("a", "x".repeat(1_000_000)).put("verdict", "ship");
            value.put("z", "y".repeat(1_000_000));
            var cut = reasonable(value);
            assertThat(cut.propertyNames()).containsExactly("a", "verdict", "z", "truncated");
            assertThat(cut.path("verdict").stringValue()).isEqualTo("ship");
        }

        @Test
        void may_be_all_quotes_and_backslashes_and_line_feeds() {
            reasonable(JSON.objectNode().put("result", "\"\\\n\u0001".repeat(300_000)));
        }

        @Test
        void is_never_cut_inside_a_character_of_two_units() {
            for (var shift = 0; shift < 2; shift++) {
                var cut =
                        reasonable(
                                JSON.objectNode()
                                        .put("result", "x".repeat(shift) + "😀".repeat(300_000)));
                var text = cut.path("result").stringValue();
                assertThat(Character.isHighSurrogate(text.charAt(text.length() - 1))).isFalse();
            }
        }

        @Test
        void may_be_nested_deeply() {
            JsonNode value = JSON.stringNode("x".repeat(500_000));
            for (var i = 0; i < 45; i++) {
                value = JSON.objectNode().set("a", JSON.arrayNode().add(value));
            }
            reasonable((ObjectNode) value);
        }

        @Test
        void may_have_a_name_longer_than_a_reply() {
            var value = JSON.objectNode().put("small", 1);
            value.putObject("result").put("n".repeat(1_000_000), 1).put("b", 2);
            var cut = reasonable(value);
            assertThat(cut.path("result")).isEqualTo(Workspace.json("{'b': 2}"));
        }

        @Test
        void may_have_very_many_members() {
            var value = JSON.objectNode();
            for (var i = 0; i < 100_000; i++) {
                value.put("member" + i, i);
            }
            reasonable(value);
        }

        @Test
        void may_be_anything_at_all() {
            anythingAtAll(250);
        }

        @Test
        @Tag("heavy")
        void may_be_thousands_of_things() {
            anythingAtAll(5_000);
        }

        private static void anythingAtAll(int values) {
            var random = new Random(11);
            for (var i = 0; i < values; i++) {
                var value = object(random, 5, 12, 2_000);
                var budget = Cut.ACCOUNT + 50 + random.nextInt(5_000);
                var cut = Cut.toFit(value, budget);
                assertThat(charactersInReply(cut)).isLessThanOrEqualTo(budget);
                assertThat(JsonMapper.shared().readTree(cut.toString())).isEqualTo(cut);
                if (!cut.equals(value)) {
                    assertThat(cut.path("truncated").path("parts")).isNotEmpty();
                    assertThat(cut.path("truncated").path("repair").stringValue()).isNotEmpty();
                }
            }
        }

        private static ObjectNode reasonable(ObjectNode value) {
            var cut = Cut.toFit(value);
            assertThat(charactersInReply(cut)).isLessThan(LONGEST - 1_000);
            assertThat(JsonMapper.shared().readTree(cut.toString())).isEqualTo(cut);
            assertThat(cut.path("truncated").path("parts")).isNotEmpty();
            return cut;
        }
    }

    private static int charactersInReply(JsonNode value) {
        var json = value.toString();
        var quotes = 2;
        return json.length() + JSON.stringNode(json).toString().length() - quotes;
    }

    private static ObjectNode object(Random random, int depth, int width, int length) {
        var object = JSON.objectNode();
        for (var i = random.nextInt(width + 1); i > 0; i--) {
            object.set(text(random, 30), value(random, depth, width, length));
        }
        return object;
    }

    private static JsonNode value(Random random, int depth, int width, int length) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> JSON.stringNode(text(random, length));
            case 1 -> JSON.numberNode(random.nextInt());
            case 2 -> JSON.booleanNode(random.nextBoolean());
            case 3 -> JSON.nullNode();
            case 4 -> {
                var array = JSON.arrayNode();
                for (var i = random.nextInt(width + 1); i > 0; i--) {
                    array.add(value(random, depth - 1, width, length));
                }
                yield array;
            }
            default -> object(random, depth - 1, width, length);
        };
    }

    private static String text(Random random, int longest) {
        var characters = "abc \"\\\n\t\u0001/é漢😀\u2028".codePoints().toArray();
        var text = new StringBuilder();
        for (var i = random.nextInt(longest + 1); i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }
}
