package assay.domain.experiment;

import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MetricsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    'signup, revenue'             ~ [{'name': 'signup'}, {'name': 'revenue'}]
                    ''                            ~ []
                    ['signup', {'name': 'revenue', 'max': 100}] ~ [{'name': 'signup'}, {'name': 'revenue', 'max': 100}]
                    [{'direction': 'decrease', 'name': ' errors '}] ~ [{'name': 'errors', 'direction': 'decrease'}]
                    """)
    void every_spelling_has_one_stored_form(String given, String stored) {
        assertThat(Metrics.parse("metrics", VariantsTest.value(given)))
                .isEqualTo(VariantsTest.value(stored));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            textBlock =
                    """
                    7               ~ 7 is not a list of metrics.
                    {'name': 'a'}   ~ {"name":"a"} is not a list of metrics.
                    'a,,b'          ~ '' is not a metric with a name.
                    ['a', 'a']      ~ The metric 'a' is named twice.
                    [{'key': 'a'}]  ~ {"key":"a"} is not a metric with a name.
                    """)
    void anything_else_is_refused_with_a_repair(String given, String problem) {
        assertThat(refusal(() -> Metrics.parse("metrics", VariantsTest.value(given))))
                .isEqualTo(
                        "invalid_value: "
                                + problem
                                + " | Send metrics as names, each once, such as [\"signup\","
                                + " {\"name\": \"revenue\"}].");
    }
}
