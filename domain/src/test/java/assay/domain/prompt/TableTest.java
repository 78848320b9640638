package assay.domain.prompt;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ArrayNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TableTest {
    private static ArrayNode read(String options, String text) {
        return Table.read(json(options).put("text", text));
    }

    @Test
    void of_comma_separated_values_takes_quotes_commas_and_line_breaks() {
        assertThat(
                        read(
                                "{'format': 'csv', 'input': 'question'}",
                                "\uFEFFid,question,expected,split,topic\r\nq1,\"Who wrote \"\"Emma\"\",\nand when?\",Austen,test,books\r\n\r\nq2,Why?,,train,\r\n"))
                .isEqualTo(
                        Bench.value(
                                """
                                [{'id': 'q1', 'expected': 'Austen', 'split': 'test', 'input': {'question': 'Who wrote \\"Emma\\",\\nand when?'}, 'attributes': {'topic': 'books'}},
                                 {'id': 'q2', 'split': 'train', 'input': {'question': 'Why?'}}]
                                """));
    }

    @Test
    void takes_every_other_column_as_a_variable_when_nobody_says_which() {
        assertThat(read("{'format': 'csv'}", "question,context,expected\na,b,c"))
                .isEqualTo(
                        Bench.value(
                                "[{'expected': 'c', 'input': {'question': 'a', 'context': 'b'}}]"));
        assertThat(read("{'format': 'csv'}", "input,mood\na,b"))
                .isEqualTo(Bench.value("[{'input': 'a', 'attributes': {'mood': 'b'}}]"));
    }

    @Test
    void of_json_lines_takes_items_as_they_are_and_objects_by_their_members() {
        assertThat(
                        read(
                                "{'format': 'jsonl'}",
                                "{\"input\": {\"q\": 1}, \"expected\": [2]}\n\n{\"q\": 3, \"expected\": 4}\n"))
                .isEqualTo(
                        Bench.value(
                                "[{'input': {'q': 1}, 'expected': [2]}, {'expected': 4, 'input': {'q': 3}}]"));
        assertThat(
                        read(
                                "{'format': 'jsonl', 'input': ['q', 'context'], 'expected': 'answer'}",
                                "{\"q\": \"a\", \"answer\": \"b\", \"context\": \"c\", \"n\": 5}"))
                .isEqualTo(
                        Bench.value(
                                "[{'expected': 'b', 'input': {'q': 'a', 'context': 'c'}, 'attributes': {'n': 5}}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'format': 'xml'}                   ~ a                  ~ invalid_value: 'xml' is no format to import. | Send format as csv or jsonl.
                    {'format': 'csv', 'colums': 1}      ~ a                  ~ unknown_field: import has no option 'colums'. | Send {format, text, input, expected, id, split}; the last four name columns.
                    {'format': 'csv'}                   ~                    ~ missing_field: There is no text to import. | Send the whole file as text, for instance from params: {text: params.csv}.
                    {'format': 'csv'}                   ~ a,b|1,2,3          ~ invalid_value: Line 2: There are 3 values for 2 columns. | Put values with commas, quotes or line breaks in double quotes, and double the quotes within.
                    {'format': 'csv'}                   ~ a,a|1,2            ~ invalid_value: Line 1: The column 'a' has no name of its own. | Name every column once, in the first line.
                    {'format': 'csv'}                   ~ a,b|1,2|3,"4       ~ invalid_value: Line 3: A quote is never closed. | Close it, and double the quotes within a value.
                    {'format': 'csv', 'input': 'quest'} ~ question|1         ~ invalid_value: Line 2: There is no column 'quest'. | The columns are: 'question'.
                    {'format': 'jsonl'}                 ~ {"input": 1}|{"a"  ~ invalid_value: Line 2: '{"a"' is not JSON. | Write one JSON object a line, each on one line.
                    {'format': 'jsonl'}                 ~ [1]                ~ invalid_value: Line 1: '[1]' is not a JSON object. | Write one object a line.
                    """)
    void is_refused_with_the_line(String options, String text, String refusal) {
        assertThat(refusal(() -> read(options, text == null ? "" : text.replace('|', '\n'))))
                .isEqualTo(refusal);
    }
}
