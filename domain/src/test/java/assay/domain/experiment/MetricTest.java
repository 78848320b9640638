package assay.domain.experiment;

import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MetricTest {
    private static Metric metric(String json) {
        return Metric.of("metrics[0]", Bench.value(json), false);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'done'                                                             | {"kind":"SUM","terms":[{"event":"done"}],"from":0}
                    {'name': 'done', 'type': 'proportion', 'window': '7d'}             | {"kind":"PROPORTION","terms":[{"event":"done"}],"from":0,"to":604800000}
                    {'name': 'n', 'type': 'count', 'event': 'call'}                    | {"kind":"COUNT","terms":[{"event":"call"}],"from":0}
                    {'name': 'm', 'type': 'mean', 'filter': {'plan': 'pro'}}           | {"kind":"MEAN","terms":[{"event":"m","filter":{"plan":"pro"}}],"from":0}
                    {'name': 's', 'cap': 250, 'lookback': '2 weeks'}                   | {"kind":"SUM","terms":[{"event":"s"}],"from":0,"cap":250.0,"lookback":1209600000}
                    {'name': 's', 'cap': {'quantile': 0.99}}                           | {"kind":"SUM","terms":[{"event":"s"}],"from":0}
                    {'name': 's', 'window': {'from': '1h', 'to': '1d'}}                | {"kind":"SUM","terms":[{"event":"s"}],"from":3600000,"to":86400000}
                    {'name': 'r', 'numerator': 'revenue', 'denominator': {'event': 'visit', 'filter': {'bot': false}}} | {"kind":"RATIO","terms":[{"event":"revenue"},{"event":"visit","filter":{"bot":false}}],"from":0}
                    {'name': 'q', 'level': 0.9}                                        | {"kind":"MEAN","terms":[{"event":"q"}],"from":0}
                    {'name': 'q', 'type': 'quantile', 'level': 0.9, 'of': 'sum'}       | {"kind":"SUM","terms":[{"event":"q"}],"from":0}
                    {'name': 'b', 'type': 'retention', 'event': 'visit', 'from': 7, 'to': 14} | {"kind":"PROPORTION","terms":[{"event":"visit"}],"from":604800000,"to":1209600000}
                    {'name': 'f', 'steps': ['a', {'event': 'b', 'filter': {'x': 1}}]}  | {"kind":"FUNNEL","terms":[{"event":"a"}],"from":0} {"kind":"FUNNEL","terms":[{"event":"a"},{"event":"b","filter":{"x":1}}],"from":0}
                    """)
    void says_what_it_measures_in_a_unit(String declared, String measures) {
        assertThat(
                        metric(declared).measures().stream()
                                .map(measure -> measure.text())
                                .collect(Collectors.joining(" ")))
                .isEqualTo(measures);
    }

    @Test
    void is_a_mean_in_a_prompt_experiment_if_only_its_name_is_known() {
        assertThat(Metric.named("score", true).measure().text())
                .isEqualTo("{\"kind\":\"MEAN\",\"terms\":[{\"event\":\"score\"}],\"from\":0}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'name': 's', 'type': 'proportion', 'window': '36h'}  | share of units with 's' other than 0 within 36h of the exposure
                    {'name': 's', 'type': 'mean', 'cap': 5}               | mean of 's' per unit that has any, counted up to 5: the mean of the capped value
                    {'name': 's', 'cap': {'quantile': 0.999}}             | sum of 's' per unit, counted up to 12.5, the 0.999 quantile of all units: the mean of the capped value
                    {'name': 'n', 'type': 'count', 'lookback': '14d'}     | number of 'n' per unit, adjusted by the same of the 14d before the exposure (CUPED)
                    {'name': 'r', 'numerator': 'a', 'denominator': 'b'}   | sum of 'a' over sum of 'b'
                    {'name': 'q', 'level': 0.95}                          | 0.95 quantile of the mean of 'q' per unit
                    {'name': 'b', 'type': 'retention', 'from': 1, 'to': 2} | share of units that come back with 'b' 1d to 2d after the exposure
                    {'name': 'u', 'terms': {'score': 1, 'costUsd': -2.5}} | 'score' - 2.5 x 'costUsd' of a unit
                    {'name': 'f', 'steps': ['a', {'event': 'b', 'filter': {'x': 1}}]} | share of units with 'a', then 'b' where {"x":1}
                    """)
    void says_so_in_words(String declared, String words) {
        assertThat(MetricText.of(metric(declared), OptionalDouble.of(12.5))).isEqualTo(words);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'name': 's', 'wndow': '7d'}                  | Metric 's' has the unknown member 'wndow'. | Did you mean 'window'? Use: name, type, direction, role, margin, event, filter, window, cap, lookback, numerator, denominator, level, of, steps, from, to, min, max, terms.
                    {'name': 's', 'type': 'propotion'}            | Metric 's' has the unknown type 'propotion'. | Did you mean 'proportion'? Use one of: proportion, count, mean, sum, ratio, quantile, funnel, retention, utility.
                    {'name': 's', 'window': '7 moons'}            | '7 moons' is not valid for window of metric 's'. | Send window as a length of time such as '7d', '12h' or '30m', at most ten years.
                    {'name': 's', 'window': 7}                    | 7 is not valid for window of metric 's'. | Send window as a length of time such as '7d', '12h' or '30m', with its unit.
                    {'name': 's', 'window': {'from': '2d', 'to': '1d'}} | The window of metric 's' ends at 1d, before it begins. | Let it end later than 2d after the exposure.
                    {'name': 's', 'cap': -1}                      | -1 is not valid for cap of metric 's'. | Give the most that a unit may count, a number above 0 in the metric's own unit, or {quantile: 0.999} for that quantile of all units.
                    {'name': 's', 'cap': {'quantile': 99}}        | 99 is not valid for cap.quantile of metric 's'. | Give a number between 0 and 1, such as 0.999.
                    {'name': 's', 'type': 'proportion', 'cap': 1} | Metric 's' is a proportion, which has no cap. | Leave cap out, or use it with a type that has it: count, mean, sum.
                    {'name': 'r', 'numerator': 'a', 'denominator': 'b', 'lookback': '7d'} | Metric 'r' is a ratio, which has no lookback. | Leave lookback out, or use it with a type that has it: proportion, count, mean, sum.
                    {'name': 'r', 'type': 'ratio', 'numerator': 'a'} | Metric 'r' is a ratio without a denominator. | Name the events of both, such as {numerator: 'revenue', denominator: 'session'}.
                    {'name': 'r', 'numerator': 5, 'denominator': 'b'} | 5 is not valid for numerator of metric 'r'. | Give the name of an event, such as 'signup', or {event: 'signup', filter: {plan: 'pro'}}.
                    {'name': 'f', 'steps': 'a, b'}                | Metric 'f' is a funnel with the steps 'a, b'. | Give 2 to 20 steps in order, each the name of an event, such as ['visit', 'cart', 'purchase'].
                    {'name': 'q', 'type': 'quantile'}             | Metric 'q' is a quantile without a level. | Say which, such as {type: 'quantile', level: 0.95}.
                    {'name': 'q', 'level': 95}                    | 95 is not valid for level of metric 'q'. | Give a number between 0 and 1, such as 0.95 for the slowest 5 %.
                    {'name': 'b', 'type': 'retention', 'from': 1} | Metric 'b' is a retention without a window. | Say from and to in days after the exposure, such as {from: 7, to: 14}.
                    {'name': 's', 'margin': {'relative': 'x'}}    | {"relative":"x"} is not valid for margin of metric 's'. | Give a number from 0 on in the metric's own unit, or {relative: number}, such as {relative: 0.05}.
                    {'name': 's', 'role': 'guard'}                | Metric 's' has the unknown role 'guard'. | Use one of: primary, secondary, guardrail.
                    {'name': 's', 'min': 0}                       | Metric 's' declares one bound of its values and not the other. | Declare both, such as {min: 0, max: 1}, or neither.
                    {'name': 's', 'min': 1, 'max': 1}             | 1 is not valid for max of metric 's'. | Give a max above min: the largest and the smallest value there can be.
                    {'name': 's', 'type': 'proportion', 'min': 0, 'max': 1} | Metric 's' is a proportion, which has no min. | Leave min out, or use it with a type that has it: mean, sum, utility.
                    {'name': 'u', 'terms': {'score': 0}}          | {"score":0} is not valid for terms of metric 'u'. | Give the weight of each thing that is recorded of a unit, a number other than 0, such as {score: 1, costUsd: -2}; the score comes first.
                    {'name': 's', 'filter': []}                   | [] is not valid for filter of metric 's'. | Send filter as an object over the event's properties, such as {plan: 'pro'} or {amount: {$gt: 10}}.
                    """)
    void is_refused_with_the_repair(String declared, String problem, String repair) {
        assertThat(refusal(() -> metric(declared)))
                .isEqualTo("invalid_value: %s | %s".formatted(problem, repair));
    }

    @Test
    void with_bounds_refuses_values_beyond_them() {
        var score = metric("{'name': 's', 'min': 0, 'max': 1}");
        score.requirePossible("score", 1);
        assertThat(refusal(() -> score.requirePossible("score", 1.5)))
                .isEqualTo(
                        "invalid_value: 1.5 is not a value of the metric 's', which was declared to lie between 0 and 1. | Send a value within these bounds, on the scale that the metric was declared on; its intervals rest on them.");
    }

    @ParameterizedTest(name = "{0} is {1} ms, written {2}")
    @CsvSource({
        "7d, 604800000, 7d",
        "1 day, 86400000, 1d",
        "90m, 5400000, 90m",
        "3600s, 3600000, 1h",
        "52w, 31449600000, 52w",
        "5ms, 5, 5ms"
    })
    void takes_lengths_of_time(String given, long millis, String written) {
        assertThat(Span.read(given)).hasValue(millis);
        assertThat(Span.text(millis)).isEqualTo(written);
    }
}
