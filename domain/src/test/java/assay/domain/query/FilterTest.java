package assay.domain.query;

import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FilterTest {
    @TempDir static Path data;
    static Bench bench;

    /// bolt has everything, nut has other values, gear has few, wire has only its name.
    @BeforeAll
    static void world() {
        bench = new Bench(data);
        var steelworks =
                bench.create("Organization", "{'name': 'Steelworks'}").path("$id").stringValue();
        var foundry = bench.create("Organization", "{'name': 'Foundry'}").path("$id").stringValue();
        var ada =
                bench.create(
                                "Contact",
                                "{'name': 'Ada', 'email': 'ada@example.com', 'organization': '%s'}"
                                        .formatted(steelworks))
                        .path("$id")
                        .stringValue();
        var bob = bench.create("Contact", "{'name': 'Bob'}").path("$id").stringValue();
        bench.create(
                "Part",
                """
                {'name': 'bolt', 'code': 'B-1', 'serial': 1, 'price': '9.50', 'weight': 2.5, 'active': true,
                 'made': '2026-03-29T09:00:00Z', 'due': '2026-04-02', 'tags': ['steel', 'small'],
                 'sizes': [3, 5], 'grade': 'High', 'owner': '%s', 'makers': ['%s', '%s'],
                 'notes': 'Heat treated Größe, made in 日本語',
                 'spec': {'w': 5, 'flag': true, 'note': 'hard', 'at': '2026-03-01T00:00:00Z', 'deep': {'er': 'x'},
                   'list': [1, 'two'], '2026': 'year', 'nothing': null, 'box': {'b': 1, 'a': [2.0]}}}
                """
                        .formatted(ada, steelworks, foundry));
        bench.create(
                "Part",
                """
                {'name': 'nut', 'code': 'b-2', 'serial': 2, 'price': '10.25', 'weight': 10, 'active': false,
                 'made': '2026-03-20T11:00:00+02:00', 'due': '2026-03-01', 'tags': ['brass'], 'sizes': [5],
                 'grade': 'Low', 'owner': '%s', 'makers': ['%s'],
                 'spec': {'w': '5', 'at': '2026-03-29T23:30:00-02:00'}}
                """
                        .formatted(bob, foundry));
        bench.create("Part", "{'name': 'gear', 'price': '100', 'tags': [], 'spec': [1, 2]}");
        bench.create("Part", "{'name': 'wire'}");
    }

    @AfterAll
    static void end() {
        bench.close();
    }

    static String matching(String filter) {
        var names = new java.util.ArrayList<>(bench.names("Part", filter, "{}"));
        Collections.sort(names);
        assertThat(bench.count("Part", filter, "{}")).isEqualTo(names.size());
        return String.join(" ", names);
    }

    static String refused(String filter) {
        return refusal(() -> bench.find("Part", filter, "{}"));
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {}                                           | bolt gear nut wire
                    {'name': 'bolt'}                             | bolt
                    {'name': 'Bolt'}                             | ``
                    {'name': {'$eq': 'nut'}}                     | nut
                    {'name': {'$ne': 'nut'}}                     | bolt gear wire
                    {'grade': {'$ne': 'High'}}                   | gear nut wire
                    {'grade': null}                              | gear wire
                    {'grade': {'$eq': null}}                     | gear wire
                    {'grade': {'$ne': null}}                     | bolt nut
                    {'weight': {'$gt': 2.5}}                     | nut
                    {'weight': {'$gte': 2.5}}                    | bolt nut
                    {'weight': {'$lt': 10}}                      | bolt
                    {'weight': {'$lte': 10}}                     | bolt nut
                    {'weight': {'$not': {'$gt': 5}}}             | bolt gear wire
                    {'weight': {'$gt': 1, '$lt': 5}}             | bolt
                    {'name': {'$gt': 'gear'}}                    | nut wire
                    {'price': {'$gt': 9.5}}                      | gear nut
                    {'price': {'$gt': '9.5'}}                    | gear nut
                    {'price': 9.5}                               | bolt
                    {'active': true}                             | bolt
                    {'active': {'$ne': true}}                    | gear nut wire
                    {'name': {'$in': ['nut', 'gear', 'cup']}}    | gear nut
                    {'name': {'$in': []}}                        | ``
                    {'name': {'$nin': []}}                       | bolt gear nut wire
                    {'name': {'$nin': ['nut', 'gear']}}          | bolt wire
                    {'grade': {'$in': ['Low', null]}}            | gear nut wire
                    {'grade': {'$nin': ['Low', null]}}           | bolt
                    {'grade': {'$nin': ['Low']}}                 | bolt gear wire
                    {'grade': {'$exists': true}}                 | bolt nut
                    {'grade': {'$exists': false}}                | gear wire
                    {'code': {'$regex': '^B'}}                   | bolt
                    {'code': {'$regex': '-'}}                    | bolt nut
                    {'code': {'$regex': '^b', '$options': 'i'}}  | bolt nut
                    {'code': {'$not': {'$regex': '^B'}}}         | gear nut wire
                    {'$or': [{'name': 'nut'}, {'weight': 2.5}]}  | bolt nut
                    {'$or': []}                                  | ``
                    {'$and': []}                                 | bolt gear nut wire
                    {'$and': [{'weight': {'$gt': 1}}, {'$or': [{'name': 'wire'}, {'name': 'nut'}]}]} | nut
                    {'$not': {'name': 'nut'}}                    | bolt gear wire
                    {'name': 'nut', 'weight': 2.5}               | ``
                    {'serial': 2}                                | nut
                    {'$type': 'Part'}                            | bolt gear nut wire
                    {'$version': 1}                              | bolt gear nut wire
                    {'version': {'$gt': 1}}                      | ``
                    {'createdBy': 'ada'}                         | bolt gear nut wire
                    {'$createdAt': {'$gte': 'now'}}              | bolt gear nut wire
                    {'updatedAt': {'$lt': 'now'}}                | ``
                    """)
    void operators(String filter, String names) {
        assertThat(matching(filter)).isEqualTo(names);
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'made': '2026-03-29T11:00:00+02:00'}        | bolt
                    {'made': {'$gt': '2026-03-20T09:00:00Z'}}    | bolt
                    {'made': {'$gte': '2026-03-20T09:00:00Z'}}   | bolt nut
                    {'made': {'$lt': '2026-03-29'}}              | nut
                    {'made': {'$gt': '7d ago'}}                  | bolt
                    {'made': {'$gte': '24h ago'}}                | bolt
                    {'made': {'$gt': '1440m ago'}}               | ``
                    {'made': {'$lt': '1w ago'}}                  | nut
                    {'made': {'$lt': 'today', '$gte': 'yesterday'}} | bolt
                    {'made': {'$not': {'$gt': '7d ago'}}}        | gear nut wire
                    {'due': '2026-04-02'}                        | bolt
                    {'due': {'$gt': 'today'}}                    | bolt
                    {'due': {'$lte': '2026-03-01T12:00:00Z'}}    | nut
                    """)
    void dates_are_compared_as_dates(String filter, String names) {
        assertThat(matching(filter)).isEqualTo(names == null ? "" : names);
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'owner.name': 'Ada'}                        | bolt
                    {'owner.name': {'$ne': 'Ada'}}               | gear nut wire
                    {'owner.email': null}                        | gear nut wire
                    {'owner.email': {'$exists': true}}           | bolt
                    {'owner.organization.name': 'Steelworks'}    | bolt
                    {'owner.organization.name': {'$in': ['Steelworks', 'x']}} | bolt
                    {'owner.$createdBy': 'ada'}                  | bolt nut
                    {'makers.name': 'Foundry'}                   | bolt nut
                    {'makers.name': {'$regex': '^Steel'}}        | bolt
                    {'owner': {'$exists': false}}                | gear wire
                    """)
    void paths_follow_references(String filter, String names) {
        assertThat(matching(filter)).isEqualTo(names);
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'tags': 'steel'}                            | bolt
                    {'tags': {'$ne': 'steel'}}                   | gear nut wire
                    {'tags': ['steel', 'small']}                 | bolt
                    {'tags': ['small', 'steel']}                 | ``
                    {'tags': []}                                 | gear
                    {'tags': {'$in': ['small', 'brass']}}        | bolt nut
                    {'tags': {'$nin': ['small', 'brass']}}       | gear wire
                    {'tags': {'$in': [['brass'], 'small']}}      | bolt nut
                    {'tags': {'$regex': '^s'}}                   | bolt
                    {'tags': {'$exists': true}}                  | bolt gear nut
                    {'sizes': 5}                                 | bolt nut
                    {'sizes': {'$gt': 3}}                        | bolt nut
                    {'sizes': {'$lt': 5}}                        | bolt
                    """)
    void an_array_satisfies_when_a_member_does(String filter, String names) {
        assertThat(matching(filter)).isEqualTo(names == null ? "" : names);
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'spec.w': 5}                                | bolt
                    {'spec.w': '5'}                              | nut
                    {'spec.w': {'$gt': 4}}                       | bolt
                    {'spec.w': {'$ne': 5}}                       | gear nut wire
                    {'spec.flag': true}                          | bolt
                    {'spec.flag': 1}                             | ``
                    {'spec.deep.er': 'x'}                        | bolt
                    {'spec.deep': {'er': 'x'}}                   | bolt
                    {'spec.deep': 'x'}                           | ``
                    {'spec.box': {'a': [2], 'b': 1.0}}           | bolt
                    {'spec.list': 'two'}                         | bolt
                    {'spec.list': [1, 'two']}                    | bolt
                    {'spec.list.0': 1}                           | bolt
                    {'spec.2026': 'year'}                        | bolt
                    {'spec.1': 2}                                | gear
                    {'spec': [1, 2]}                             | gear
                    {'spec.w': {'$in': [5, 'x']}}                | bolt
                    {'spec.w': {'$in': [5, null]}}               | bolt gear wire
                    {'spec.nothing': {'$exists': true}}          | ``
                    {'spec.note': {'$exists': true}}             | bolt
                    {'spec.note': {'$regex': '^h'}}              | bolt
                    {'spec.at': {'$gt': '7d ago'}}               | nut
                    {'spec.at': {'$lt': '2026-03-30'}}           | bolt
                    {'spec.at': {'$gte': '2026-03-30T01:30:00Z'}} | nut
                    {'spec.it\\"s': 1}                           | ``
                    """)
    void inside_json_the_constant_says_what_is_compared(String filter, String names) {
        assertThat(matching(filter)).isEqualTo(names == null ? "" : names);
    }

    @ParameterizedTest(name = "{0} finds {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'$text': 'heat'}                            | bolt
                    {'$text': 'tre HEA'}                         | bolt
                    {'$text': 'grosse'}                          | ``
                    {'$text': 'größe'}                           | bolt
                    {'$text': 'grö'}                             | bolt
                    {'$text': '日本'}                             | bolt
                    {'$text': 'heat nut'}                        | ``
                    {'$text': '\\" OR nut'}                      | ``
                    {'$text': '!!!'}                             | ``
                    {'$text': 'brass'}                           | nut
                    {'$not': {'$text': 'heat'}}                  | gear nut wire
                    {'$text': 'b', 'name': 'nut'}                | nut
                    {'$or': [{'$text': 'heat'}, {'name': 'wire'}]} | bolt wire
                    """)
    void text_looks_for_the_beginnings_of_words(String filter, String names) {
        assertThat(matching(filter)).isEqualTo(names == null ? "" : names);
        assertThat(String.join(" ", bench.names("Part", filter, "{'asOf': 'now', 'sort': 'name'}")))
                .isEqualTo(names == null ? "" : names);
    }

    @Nested
    class Refuses {
        @ParameterizedTest(name = "{0}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        {'nam': 1}                      | unknown_field: There is no field of Part 'nam'.
                        {'owner.nam': 1}                | unknown_field: There is no field of Contact 'nam'.
                        {'name': {'$like': 'x'}}        | unknown_operator: There is no operator '$like'.
                        {'$nor': []}                    | unknown_operator: There is no operator '$nor'.
                        {'name': 5}                     | invalid_value: 5 is not valid for 'name'.
                        {'name': {'$gt': null}}         | invalid_value: null is not valid for 'name'.
                        {'weight': '5'}                 | invalid_value: '5' is not valid for 'weight'.
                        {'active': 'yes'}               | invalid_value: 'yes' is not valid for 'active'.
                        {'grade': 'high'}               | invalid_value: 'high' is not valid for 'grade'.
                        {'made': 'soon'}                | invalid_value: 'soon' is not valid for 'made'.
                        {'made': '-1d ago'}             | invalid_value: '-1d ago' is not valid for 'made'.
                        {'made': '999999w ago'}         | invalid_value: '999999w ago' is not valid for 'made'.
                        {'made': '+99999-01-01T00:00:00Z'} | invalid_value: '+99999-01-01T00:00:00Z' is not valid for 'made'.
                        {'name': {'$in': 'x'}}          | invalid_value: 'x' is not valid for 'name'.
                        {'name': {'$exists': 1}}        | invalid_value: 1 is not valid for 'name'.
                        {'weight': {'$regex': '5'}}     | invalid_value: '5' is not valid for 'weight'.
                        {'name': {'$regex': '('}}       | invalid_value: '(' is not valid for 'name'.
                        {'name': {'$regex': 'a', '$options': 'x'}} | invalid_value: 'x' is not valid for 'name'.
                        {'name': {'$text': 'bolt'}}     | invalid_value: 'bolt' is not valid for 'name'.
                        {'$text': ' '}                  | invalid_value: ' ' is not valid for '$text'.
                        {'$or': {'name': 'x'}}          | invalid_value: {"name":"x"} is not valid for '$or'.
                        {'owner.organization.name.x': 1} | invalid_value: 'owner.organization.name.x' has more than 3 names.
                        {'name.x': 1}                   | invalid_value: 'name' holds a plain value; nothing is inside it.
                        """)
        void what_cannot_mean_anything(String filter, String problem) {
            assertThat(refused(filter)).startsWith(problem);
        }

        @Test
        void a_word_that_is_no_member_with_the_nearest_one() {
            assertThat(refused("{'grade': 'Hihg'}"))
                    .isEqualTo(
                            "invalid_value: 'Hihg' is not valid for 'grade'. | Did you mean 'High'?"
                                    + " Use one of: Low, High.");
        }

        @Test
        void a_reverse_list_naming_the_way_round() {
            assertThat(refusal(() -> bench.find("Contact", "{'parts': 'x'}", "{}")))
                    .startsWith("unknown_field");
            assertThat(refusal(() -> bench.find("Contact", "{'reports': 'x'}", "{}")))
                    .isEqualTo(
                            "invalid_value: 'reports' is a computed list; it cannot be filtered or"
                                    + " sorted by. | Search Contact by its field 'manager' instead.");
        }

        @Test
        void more_than_a_database_can_stand() {
            assertThat(refused("{'$or': [%s{}]}".formatted("{'name': 'x'}, ".repeat(300))))
                    .startsWith("limit_exceeded: The filter has more than 200 conditions.");
            assertThat(refused("{'name': {'$in': [%s'x']}}".formatted("'x', ".repeat(1000))))
                    .startsWith("limit_exceeded: $in has 1001 values; the most is 1000.");
            assertThat(refused("{'$not': ".repeat(30) + "{}" + "}".repeat(30)))
                    .startsWith("limit_exceeded: The filter is nested more than 20 levels deep.");
            assertThat(
                            refused(
                                    "{'name': "
                                            + "{'$not': ".repeat(30)
                                            + "{'$eq': 'x'}"
                                            + "}".repeat(30)
                                            + "}"))
                    .startsWith("limit_exceeded: The filter is nested more than 20 levels deep.");
            assertThat(refused("{'name': {'$regex': '%s'}}".formatted("a".repeat(257))))
                    .startsWith("limit_exceeded: The pattern has 257 characters; the most is 256.");
        }

        @Test
        void a_pattern_that_would_never_end_and_goes_on_answering() {
            bench.create("Part", "{'name': 'cup', 'notes': '%s!'}".formatted("a".repeat(60)));
            var answer =
                    bench.<String>read(work -> {
                        var part = bench.folder().nouns().require("Part");
                        var query =
                                work.queries()
                                        .find(
                                                part,
                                                Bench.value(
                                                        "{'notes': {'$regex': 'a*a*a*a*a*a*a*a*b'}}"),
                                                assay.domain.JsonText.json("{}"));
                        var refusal = refusal(() -> work.find(query));
                        return refusal
                                + " "
                                + work.count(
                                        work.queries()
                                                .find(
                                                        part,
                                                        Bench.value("{'name': 'cup'}"),
                                                        assay.domain.JsonText.json("{}")));
                    });
            bench.delete(
                    "Part",
                    bench.find("Part", "{'name': 'cup'}", "{}")
                            .getFirst()
                            .path("$id")
                            .stringValue());
            assertThat(answer)
                    .isEqualTo(
                            "limit_exceeded: The $regex pattern took more than 1000000 steps on one"
                                    + " value, or 50000000 on all. | Write a pattern without nested repetition, add conditions that"
                                    + " leave fewer objects to look at, or use $text. 1");
        }
    }
}
