package assay.domain.prompt;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Json;
import assay.domain.work.Bench;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JudgesTest {
    /// Doubles numbers, as the function of a scripted judge that it is not.
    private static final Code CODE =
            (source, values) -> {
                var list = Json.array();
                for (var value : values) {
                    list.add(
                            source.equals("broken")
                                    ? value
                                    : Json.object()
                                            .put("score", value.path("output").asDouble(0) * 2)
                                            .put("why", "twice"));
                }
                return list;
            };

    @TempDir Path data;
    private Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(data);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private String judge(String fields) {
        return bench.create("Judge", json(fields).put("name", "Judge").toString())
                .path("$id")
                .stringValue();
    }

    private JsonNode score(String judge, String what) {
        return bench.read(work -> work.judges(CODE).score(judge, Bench.value(what)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'kind': 'exact'}                                          ~ {'output': 'Yes', 'expected': 'Yes'}            ~ 1   ~ true  ~ The output is the expected text.
                    {'kind': 'exact'}                                          ~ {'output': 'yes.', 'expected': 'Yes'}           ~ 0   ~ false ~ The output is 'yes.', expected was 'Yes'.
                    {'kind': 'exact', 'normalize': ['case', 'punctuation']}    ~ {'output': 'yes.', 'expected': 'Yes'}           ~ 1   ~ true  ~ The output is the expected text.
                    {'kind': 'exact', 'normalize': ['whitespace']}             ~ {'output': ' a  b ', 'expected': 'a b'}         ~ 1   ~ true  ~ The output is the expected text.
                    {'kind': 'exact', 'expected': {'a': 1, 'b': [2]}}          ~ {'output': {'b': [2.0], 'a': 1}}                ~ 1   ~ true  ~ The output is the expected value.
                    {'kind': 'exact'}                                          ~ {'output': '21', 'expected': 21}                ~ 1   ~ true  ~ The output is the expected value.
                    {'kind': 'contains', 'all': ['red', 'blue', 'green']}      ~ {'output': 'red and green'}                     ~ 0.666666667 ~ false ~ It lacks 'blue'.
                    {'kind': 'contains', 'all': ['red', 'green']}              ~ {'output': 'red and green'}                     ~ 1   ~ true  ~ It has all of them.
                    {'kind': 'contains', 'any': ['yes', 'si'], 'normalize': ['case']} ~ {'output': 'Yes!'}                       ~ 1   ~ true  ~ It has 'yes'.
                    {'kind': 'contains', 'any': ['yes', 'si']}                 ~ {'output': 'no'}                                ~ 0   ~ false ~ It has none of 'yes', 'si'.
                    {'kind': 'contains'}                                       ~ {'output': 'It is 21.', 'expected': 21}         ~ 1   ~ true  ~ It has all of them.
                    {'kind': 'regex', 'pattern': '^(yes|no)$'}                 ~ {'output': 'no'}                                ~ 1   ~ true  ~ The pattern matches.
                    {'kind': 'regex', 'pattern': '^(yes|no)$'}                 ~ {'output': 'nope'}                              ~ 0   ~ false ~ The pattern does not match.
                    {'kind': 'numeric', 'tolerance': 0.5}                      ~ {'output': 'About 1,234.4 or so', 'expected': 1234} ~ 1 ~ true ~ 1234.4 is 0.4 off 1234.
                    {'kind': 'numeric', 'relativeTolerance': 0.01}             ~ {'output': '17 + 4 = 22', 'expected': '21'}     ~ 0   ~ false ~ 22 is 1 off 21.
                    {'kind': 'numeric'}                                        ~ {'output': 'no idea', 'expected': 21}           ~ 0   ~ false ~ There is no number in the output.
                    {'kind': 'similarity', 'method': 'levenshtein'}            ~ {'output': 'kitten', 'expected': 'sitting'}     ~ 0.571428571 ~ false ~ 0.57 of 1 alike by levenshtein; 0.8 passes.
                    {'kind': 'similarity', 'method': 'tokens', 'passAt': 0.5}  ~ {'output': 'a b c', 'expected': 'C, b d!'}      ~ 0.5 ~ true  ~ 0.5 of 1 alike by tokens; 0.5 passes.
                    {'kind': 'similarity'}                                     ~ {'output': 'Jane Austen', 'expected': 'jane austen'} ~ 1 ~ true ~ 1 of 1 alike by ngrams; 0.8 passes.
                    {'kind': 'model', 'template': '{{output}}', 'scale': {'min': 1, 'max': 5}} ~ {'answer': 'It is good.\\nScore: 4/5'} ~ 0.75 ~ true ~ The answer is 'It is good. Score: 4/5'.
                    {'kind': 'model', 'template': '{{output}}'}                ~ {'answer': '```json\\n{"score": 0.2}\\n```'}   ~ 0.2 ~ false ~ The answer is '```json {"score": 0.2} ```'.
                    {'kind': 'model', 'template': '{{output}}', 'scale': {'min': 0, 'max': 10}} ~ {'answer': 'Rating: [[7]] of ten'} ~ 0.7 ~ true ~ The answer is 'Rating: [[7]] of ten'.
                    {'kind': 'model', 'template': '{{output}}', 'scale': {'min': -5, 'max': 5}} ~ {'answer': 'Poor.\\n-5'} ~ 0 ~ false ~ The answer is 'Poor. -5'.
                    {'kind': 'human', 'scale': {'min': 1, 'max': 3}}           ~ {'label': 2}                                    ~ 0.5 ~ true  ~ The label is 2.
                    {'kind': 'human'}                                          ~ {'label': false}                                ~ 0   ~ false ~ The label is false.
                    {'kind': 'script', 'source': 'twice', 'passAt': 0.7}       ~ {'output': 0.3}                                 ~ 0.6 ~ false ~ twice
                    """)
    void judge_by_their_kind(String judge, String what, double score, boolean pass, String why) {
        var id = judge(judge);
        var said = bench.<JsonNode>read(work -> work.judges(CODE).score(id, read(what)));
        assertThat(said.path("score").doubleValue()).isEqualTo(score);
        assertThat(said.path("pass").booleanValue()).isEqualTo(pass);
        assertThat(said.path("why").stringValue()).isEqualTo(why);
    }

    /// Single quotes stand for double ones, but not beside double ones.
    private static JsonNode read(String text) {
        return text.contains("\"")
                ? Json.object()
                        .put(
                                "answer",
                                text.substring(text.indexOf("```"), text.lastIndexOf("```") + 3)
                                        .replace("\\n", "\n"))
                : Bench.value(text);
    }

    @Nested
    class A_judge_of_json {
        private final String schema =
                "{'kind': 'json_schema', 'schema': {'type': 'object', 'properties': {'answer': {'type': 'string', 'pattern': '^[A-D]$'}}, 'required': ['answer']}}";

        @Test
        void says_what_is_wrong_with_it() {
            var judge = judge(schema);
            assertThat(
                            score(
                                    judge,
                                    "[{'output': {'answer': 'B'}}, {'output': {'answer': 'E'}}, {'output': {}}, {'output': 'B'}]"))
                    .isEqualTo(
                            Bench.value(
                                    """
                                    [{'score': 1, 'pass': true, 'why': 'It is as the schema wants it.'},
                                     {'score': 0, 'pass': false, 'why': "Against the schema: \\u0027/answer: does not match the regex pattern ^[A-D]$\\u0027."},
                                     {'score': 0, 'pass': false, 'why': "Against the schema: \\u0027: required property \\\\\\u0027answer\\\\\\u0027 not found\\u0027."},
                                     {'score': 0, 'pass': false, 'why': "\\u0027B\\u0027 is not JSON."}]
                                    """));
        }

        @Test
        void reads_json_in_a_text_and_in_a_fence() {
            var what = Json.array();
            what.addObject().put("output", "{\"answer\": \"A\"}");
            what.addObject().put("output", "```json\n{\"answer\": \"C\"}\n```");
            var id = judge(schema);
            assertThat(bench.<JsonNode>read(work -> work.judges(CODE).score(id, what)))
                    .allSatisfy(said -> assertThat(said.path("pass").booleanValue()).isTrue());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                textBlock =
                        """
                        {"$ref": "https://example.com/schema.json"}
                        {"$ref": "file:///etc/hostname"}
                        {"type": 5}
                        {"pattern": "(a"}
                        """)
        void reads_its_schema_from_nowhere_else(String schema) {
            var judge = Json.object().put("name", "A").put("kind", "json_schema");
            judge.set("schema", Json.read(schema));
            assertThat(refusal(() -> bench.create("Judge", judge.toString().replace('"', '\''))))
                    .startsWith("invalid_value: ");
        }

        @Test
        void takes_no_schema_that_would_take_forever() {
            assertThat(refusal(() -> judge("{'kind': 'json_schema', 'schema': {'$ref': '#'}}")))
                    .startsWith("invalid_value: ");
            assertThat(
                            refusal(() ->
                                    judge(
                                            "{'kind': 'json_schema', 'schema': {'$ref': '#/$defs/a', '$defs': {'a': {'items': {'$ref': '#/$defs/a'}}}}}")))
                    .contains("'#/$defs/a leads round in a circle'");
            var parts = Json.object();
            parts.putObject("p0").put("type", "string");
            for (var i = 1; i <= 30; i++) {
                var all = parts.putObject("p" + i).putArray("allOf");
                all.addObject().put("$ref", "#/$defs/p" + (i - 1));
                all.addObject().put("$ref", "#/$defs/p" + (i - 1));
            }
            var schema = Json.object().put("$ref", "#/$defs/p30");
            schema.set("$defs", parts);
            assertThat(
                            refusal(() ->
                                    judge(
                                            "{'kind': 'json_schema', 'schema': %s}"
                                                    .formatted(schema))))
                    .contains("'it is too large with all that it refers to'");
        }

        @Test
        void follows_references_within_its_schema() {
            var judge =
                    judge(
                            "{'kind': 'json_schema', 'schema': {'properties': {'a': {'$ref': '#/$defs/word'}}, '$defs': {'word': {'type': 'string'}}}}");
            assertThat(score(judge, "{'output': {'a': 5}}").path("pass").booleanValue()).isFalse();
            assertThat(score(judge, "{'output': {'a': 'b'}}").path("pass").booleanValue()).isTrue();
        }
    }

    @Test
    void a_pattern_that_would_never_end_is_stopped() {
        var judge = judge("{'kind': 'regex', 'pattern': '(.*a){12}b'}");
        assertThat(refusal(() -> score(judge, "{'output': '%s'}".formatted("a".repeat(60)))))
                .isEqualTo(
                        "limit_exceeded: The pattern '(.*a){12}b' took more than 1,000,000 steps on one output, or 50,000,000 on all. | Write a pattern without nested repetition, or give it fewer outputs at once.");
    }

    @Nested
    class A_judge_of_pairs {
        private String judge;

        @BeforeEach
        void make() {
            judge =
                    judge(
                            "{'kind': 'pairwise-model', 'model': 'large-1', 'template': '{{input.question}}: A is {{first}}, B is {{second}}. End with A, B or tie.'}");
        }

        private ObjectNode what(String item) {
            return json(
                    "{'item': '%s', 'input': {'question': 'Why?'}, 'outputs': {'treatment': 'new', 'control': 'old'}}"
                            .formatted(item));
        }

        @Test
        void shows_either_output_first_by_chance_and_always_the_same_for_one_item() {
            var first = new HashMap<String, Integer>();
            for (var i = 0; i < 400; i++) {
                var item = "q" + i;
                var prompt =
                        bench.<ObjectNode>read(work -> work.judges(CODE).prompt(judge, what(item)));
                assertThat(
                                bench.<ObjectNode>read(
                                        work -> work.judges(CODE).prompt(judge, what(item))))
                        .isEqualTo(prompt);
                first.merge(prompt.path("shown").path(0).stringValue(), 1, Integer::sum);
            }
            assertThat(first.get("control")).isBetween(160, 240);
        }

        @Test
        void is_asked_with_the_outputs_in_that_order_and_understood_in_it() {
            var prompt =
                    bench.<ObjectNode>read(work -> work.judges(CODE).prompt(judge, what("q1")));
            var shown = prompt.path("shown");
            var texts = json("{'treatment': 'new', 'control': 'old'}");
            assertThat(prompt.path("messages").path(0).path("content").stringValue())
                    .isEqualTo(
                            "Why?: A is %s, B is %s. End with A, B or tie."
                                    .formatted(
                                            texts.path(shown.path(0).stringValue()).stringValue(),
                                            texts.path(shown.path(1).stringValue()).stringValue()));
            assertThat(prompt.path("model").stringValue()).isEqualTo("large-1");
            var said =
                    bench.<JsonNode>read(work ->
                            work.judges(CODE)
                                    .score(
                                            judge,
                                            what("q1").put("answer", "Both are fine.\n**B**")));
            var winner = shown.path(1).stringValue();
            assertThat(said)
                    .isEqualTo(
                            json("{'score': %d, 'pass': %s, 'winner': '%s', 'position': '%s'}"
                                            .formatted(
                                                    winner.equals("treatment") ? 1 : 0,
                                                    winner.equals("treatment"),
                                                    winner,
                                                    winner.equals("treatment")
                                                            ? "second"
                                                            : "first"))
                                    .put("why", "It prefers '%s'.".formatted(winner))
                                    .set("shown", shown));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                quoteCharacter = '`',
                textBlock =
                        """
                        tie           ~ tie
                        I say [[A]].  ~ first
                        Winner: first ~ first
                        Verdict: B    ~ second
                        """)
        void understands_verdicts_on_a_line_of_their_own_or_in_brackets(
                String answer, String verdict) {
            var said =
                    bench.<JsonNode>read(work ->
                            work.judges(CODE).score(judge, what("q1").put("answer", answer)));
            var winner = said.path("winner").stringValue();
            var shown = said.path("shown");
            assertThat(
                            winner.equals("tie")
                                    ? "tie"
                                    : winner.equals(shown.path(0).stringValue())
                                            ? "first"
                                            : "second")
                    .isEqualTo(verdict);
        }

        @Test
        void is_not_understood_where_it_says_nothing_clear() {
            assertThat(
                            refusal(() ->
                                    bench.read(work ->
                                            work.judges(CODE)
                                                    .score(
                                                            judge,
                                                            what("q1")
                                                                    .put(
                                                                            "answer",
                                                                            "Output A is better than B")))))
                    .isEqualTo(
                            "invalid_value: There is no verdict in the answer 'Output A is better than B'. | Ask the model again, and let the prompt of the judge tell it to answer with {\"winner\": \"A\"}, or end with a line that is only A, B or tie.");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'kind': 'exakt'}                               ~ invalid_value: 'exakt' is not a member of its list, which Judge.kind needs. | Did you mean 'exact'? Send kind as one of: exact, contains, regex, json_schema, numeric, similarity, script, model, pairwise-model, human.
                    {'kind': 'exact', 'pattern': 'a'}               ~ invalid_value: A judge of the kind exact takes no pattern. | Leave pattern out; it takes: expected, normalize.
                    {'kind': 'regex'}                               ~ missing_field: A judge of the kind regex needs pattern. | Send pattern: a regular expression, such as '^(yes|no)$'.
                    {'kind': 'regex', 'pattern': '(a'}              ~ invalid_value: '(a' is no regular expression: 'Unclosed group'. | Correct it near character 3.
                    {'kind': 'numeric', 'tolerance': -1}            ~ invalid_value: -1 cannot be how far a number may be off. | Send tolerance as 0 or more.
                    {'kind': 'similarity', 'passAt': 80}            ~ invalid_value: 80 is no score from which on an output passes. | Send passAt as a number from 0 to 1; on a scale {min, max} it is the share of the way from min to max.
                    {'kind': 'contains', 'normalize': ['cases']}    ~ invalid_value: 'cases' is nothing that can be taken off a text. | Did you mean 'case'? Use any of: case, whitespace, punctuation.
                    {'kind': 'human', 'scale': {'min': 5, 'max': 1}} ~ invalid_value: {"min":5,"max":1} is no scale. | Send scale as {min: 1, max: 5}.
                    {'kind': 'model', 'template': 'Is it good?'}    ~ invalid_value: The prompt of the judge has no {{output}}, so the model would not see what it judges. | Put {{output}} into it; {{input}} and {{expected}} are there too.
                    {'kind': 'model'}                               ~ missing_field: A prompt needs template or messages. | Send template: 'Answer briefly: {{question}}', or messages: [{role: 'system', content: '…'}, {role: 'user', content: '{{question}}'}].
                    {'kind': 'script'}                              ~ missing_field: A judge of the kind script needs source. | Send source: a function as text, such as '({output, expected}) => output.length <= 200'.
                    """)
    void a_judge_that_cannot_be_is_refused(String fields, String refusal) {
        assertThat(refusal(() -> judge(fields))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'kind': 'exact'}                             ~ {'output': 'a'}                  ~ missing_field: The judge needs expected. | Give the item an expected output, or the judge one for all with expected.
                    {'kind': 'exact'}                             ~ {'expected': 'a'}                ~ missing_field: The judge needs output. | Send {output: '…'} with what the prompt gave.
                    {'kind': 'exact'}                             ~ {'outptu': 'a'}                  ~ unknown_field: There is no 'outptu' to be judged. | Did you mean 'output'? Send {output, expected, input}.
                    {'kind': 'exact'}                             ~ 'a'                              ~ invalid_value: 'a' cannot be judged. | Send {output, expected, input}, or an array of these.
                    {'kind': 'numeric'}                           ~ {'output': '5', 'expected': 'a'} ~ invalid_value: There is no number in 'a', which was expected. | Give the item an expected output that is a number.
                    {'kind': 'model', 'template': '{{output}}'}   ~ {'output': 'a'}                  ~ missing_field: The judge needs answer. | Run the messages of $.Judge.prompt(id, {output, …}), and send what the model said as {answer: '…'}.
                    {'kind': 'model', 'template': '{{output}}'}   ~ {'answer': '7'}                  ~ invalid_value: 7 is not within the scale of the judge, 0 to 1. | Ask again for a number of that scale, or make a judge with another scale.
                    {'kind': 'script', 'source': 'broken'}        ~ {'output': 'a'}                  ~ invalid_value: The judge's function returned {"output":"a"}, which is no score. | Let it return a number from 0 to 1, true or false, or {score, why}.
                    """)
    void what_cannot_be_judged_is_refused(String judge, String what, String refusal) {
        var id = judge(judge);
        assertThat(refusal(() -> score(id, what))).isEqualTo(refusal);
    }

    @Nested
    class Calibration_of_a_judge {
        private String judge;

        @BeforeEach
        void make() {
            judge = judge("{'kind': 'pairwise-model', 'template': '{{first}} {{second}}'}");
        }

        private ObjectNode calibrate(ArrayNode rows) {
            return bench.write(work -> work.judges(CODE).calibrate(judge, rows));
        }

        private ObjectNode calibration() {
            return bench.read(work -> work.judges(CODE).calibration(judge, json("{}")));
        }

        /// A judge that says what people say, but that whatever stands first or is longer wins of
        /// every third and fifth pair.
        private static ArrayNode rows(int n, int labelled) {
            var rows = Json.array();
            for (var i = 0; i < n; i++) {
                var human = i % 2;
                var first = i / 2 % 2 == 0;
                var length = (i * 37 % 21 - 10) * 10;
                var judge =
                        i % 3 == 0 ? (first ? 1 : 0) : i % 3 == 1 ? (length > 0 ? 1 : 0) : human;
                var row =
                        rows.addObject()
                                .put("item", "q" + i)
                                .put("judge", judge)
                                .put("position", first ? "first" : "second")
                                .put("length", length);
                if (i % 10 == 0) {
                    row.put("again", i % 30 == 0 ? 1 - judge : judge);
                }
                if (i < labelled) {
                    row.put("human", human);
                }
            }
            return rows;
        }

        @Test
        void finds_its_leanings_and_corrects_its_mean() {
            assertThat(calibrate(rows(600, 200))).isEqualTo(json("{'kept': 600, 'total': 600}"));
            var report = calibration();
            assertThat(report.path("labelled").intValue()).isEqualTo(200);
            assertThat(report.path("selfAgreement").path("share").doubleValue())
                    .isCloseTo(2.0 / 3, org.assertj.core.api.Assertions.within(1e-9));
            assertThat(report.path("agreement").path("kappa").doubleValue()).isBetween(0.2, 0.5);
            assertThat(report.path("position").path("biased").booleanValue()).isTrue();
            assertThat(report.path("position").path("firstShare").doubleValue()).isGreaterThan(0.6);
            assertThat(report.path("length").path("biased").booleanValue()).isTrue();
            assertThat(report.path("corrected").path("interval").path(0).doubleValue())
                    .isLessThan(0.5);
            assertThat(report.path("corrected").path("interval").path(1).doubleValue())
                    .isGreaterThan(0.5);
            assertThat(report.path("text").stringValue())
                    .startsWith("It agrees with itself on 67 % of 60. People agree with it on ")
                    .contains("The output shown first wins ", "It favours long outputs: ");
        }

        @Test
        void takes_a_row_again_in_the_place_of_the_first() {
            calibrate(rows(40, 0));
            assertThat(calibrate(rows(40, 40))).isEqualTo(json("{'kept': 40, 'total': 40}"));
            assertThat(calibration().path("labelled").intValue()).isEqualTo(40);
        }

        @Test
        void without_labels_asks_for_them() {
            assertThat(calibration())
                    .isEqualTo(
                            json(
                                    "{'rows': 0, 'labelled': 0, 'advice': ['Have people label 30 items more, drawn at random, and send them to calibrate.'], 'text': ''}"));
        }

        @Test
        void holds_the_judge_to_what_was_calibrated() {
            calibrate(rows(3, 3));
            assertThat(refusal(() -> bench.update("Judge", judge, "{'model': 'large-2'}")))
                    .isEqualTo(
                            "illegal_transition: Judge '%s' was calibrated as it is; with another model its calibration would be untrue. | Create another judge with the changed model, and calibrate that one."
                                    .formatted(judge));
            assertThat(
                            bench.update("Judge", judge, "{'name': 'Another name'}")
                                    .path("name")
                                    .stringValue())
                    .isEqualTo("Another name");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                textBlock =
                        """
                        []                                  ~ invalid_value: calibrate takes 1 to 10,000 rows, not [].
                        [{"judge": 1}]                      ~ missing_field: A row of calibration needs the id of its item.
                        [{"item": "a"}]                     ~ missing_field: A row of calibration needs the judge's score.
                        [{"item": "a", "judge": 5}]         ~ invalid_value: 5 is no score.
                        [{"item": "a", "judge": 1, "humn": 1}] ~ unknown_field: A row of calibration has no 'humn'.
                        [{"item": "a", "judge": 1, "position": "left"}] ~ invalid_value: 'left' is no position.
                        [{"item": "a", "judge": 1, "length": "long"}]   ~ invalid_value: 'long' is no length.
                        """)
        void is_refused_where_it_says_nothing(String rows, String refusal) {
            assertThat(refusal(() -> calibrate((ArrayNode) Json.read(rows)))).startsWith(refusal);
        }
    }
}
