package assay.domain.query;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.work.Bench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FindTest {
    @TempDir Path data;
    Bench bench;

    @BeforeEach
    void open() {
        bench = new Bench(data);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    String id(String noun, String data) {
        return bench.create(noun, data).path("$id").stringValue();
    }

    @Nested
    class Sorting {
        @BeforeEach
        void parts() {
            bench.create("Part", "{'name': 'a', 'weight': 2, 'price': '10', 'active': true}");
            bench.goOn(Duration.ofSeconds(1));
            bench.create("Part", "{'name': 'b', 'weight': 1, 'price': '9.5', 'active': false}");
            bench.goOn(Duration.ofSeconds(1));
            bench.create("Part", "{'name': 'c', 'price': '100'}");
            bench.goOn(Duration.ofSeconds(1));
            bench.create("Part", "{'name': 'd', 'weight': 2}");
        }

        @ParameterizedTest(name = "{0} gives {1}")
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                textBlock =
                        """
                        null                            | d c b a
                        'weight,name'                   | b a d c
                        '-weight,-name'                 | d a b c
                        'name'                          | a b c d
                        '-name'                         | d c b a
                        {'name': 'desc'}                | d c b a
                        {'weight': -1, 'name': 1}       | a d b c
                        {'weight': '1', 'name': 'asc'}  | b a d c
                        ['-weight', {'name': 'desc'}]   | d a b c
                        'createdAt'                     | a b c d
                        '-$updatedAt'                   | d c b a
                        'price'                         | b a c d
                        '-price'                        | c a b d
                        """)
        void takes_three_spellings_and_puts_absent_values_last_both_ways(
                String sort, String names) {
            var expected = names.split(" ");
            assertThat(bench.names("Part", "{}", "{'sort': %s}".formatted(sort)))
                    .containsExactly(expected);
            assertThat(bench.allPages("Part", "{'sort': %s, 'limit': 1}".formatted(sort), () -> {}))
                    .containsExactly(expected);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"'weigth'", "'owner.name'", "'spec'", "'tags'", "5", "{'name': 'up'}"})
        void refuses_what_has_no_order(String sort) {
            assertThat(refusal(() -> bench.find("Part", "{}", "{'sort': %s}".formatted(sort))))
                    .matches("(unknown_field|invalid_value): .+ \\| .+");
        }
    }

    @Nested
    class Paging {
        @BeforeEach
        void twins() {
            IntStream.range(0, 12)
                    .forEach(i ->
                            bench.create(
                                    "Part",
                                    "{'name': 'p%02d', 'weight': %s}"
                                            .formatted(i, i % 4 == 0 ? null : i % 3)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "'weight'", "'-weight'", "'$id'", "'-$version,weight'"})
        void meets_every_object_once_though_others_come_and_go(String sort) {
            var names =
                    bench.allPages(
                            "Part",
                            "{'sort': %s, 'limit': 5}".formatted(sort),
                            () -> {
                                bench.goOn(Duration.ofSeconds(1));
                                var gone = id("Part", "{'name': 'new', 'weight': 1}");
                                bench.delete("Part", gone);
                                bench.create("Contact", "{'name': 'new'}");
                            });
            assertThat(names).doesNotHaveDuplicates().hasSize(12);
        }

        @Test
        void an_object_that_is_added_in_front_moves_none_onto_the_next_page() {
            var names =
                    bench.allPages(
                            "Part",
                            "{'limit': 5}",
                            () -> {
                                bench.goOn(Duration.ofSeconds(1));
                                bench.create("Part", "{'name': 'new'}");
                            });
            assertThat(names).doesNotHaveDuplicates().hasSize(12);
        }

        @Test
        void counts_all_that_match_and_says_whether_there_is_more() {
            var page = bench.page("Part", json("{'filter': {'weight': 1}, 'limit': 2}"));
            assertThat(page.total()).isEqualTo(3);
            assertThat(page.hasMore()).isTrue();
            assertThat(bench.page("Part", json("{'filter': {'weight': 1}, 'limit': 3}")).hasMore())
                    .isFalse();
        }

        @Test
        void follows_the_rank_of_words_when_nobody_asks_for_an_order() {
            bench.create("Part", "{'name': 'washer', 'notes': 'thin washer for a washer bench'}");
            bench.create("Part", "{'name': 'plate', 'notes': 'not a washer'}");
            assertThat(
                            bench.allPages(
                                    "Part",
                                    "{'filter': {'$text': 'washer'}, 'limit': 1}",
                                    () -> {}))
                    .containsExactly("washer", "plate");
        }

        @Test
        void may_skip_by_offset() {
            assertThat(bench.names("Part", "{}", "{'sort': 'name', 'limit': 2, 'offset': 3}"))
                    .containsExactly("p03", "p04");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'filter': {'weight': 1}}",
                    "{'sort': 'name'}",
                    "{'asOf': 'now'}",
                    "{'offset': 2}"
                })
        void refuses_a_cursor_of_another_question(String change) {
            var request = json("{'limit': 2}");
            var cursor = bench.page("Part", request).cursor().orElseThrow();
            request.setAll(json(change));
            assertThat(refusal(() -> bench.page("Part", request.put("cursor", cursor))))
                    .startsWith("invalid_value: ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", "", "W10", "WzEsMl0", "eyJhIjoxfQ"})
        void refuses_a_cursor_that_is_none(String cursor) {
            assertThat(refusal(() -> bench.page("Part", json("{}").put("cursor", cursor))))
                    .isEqualTo(
                            "invalid_value: The cursor does not belong to this search. | Send the cursor"
                                    + " of the previous page with the same type, filter and sort, or leave it"
                                    + " out to begin again.");
        }

        @Test
        void refuses_pages_beyond_their_limits() {
            assertThat(refusal(() -> bench.page("Part", json("{'limit': 101}"))))
                    .startsWith("limit_exceeded: limit 101 is more than the most, 100.");
            assertThat(refusal(() -> bench.page("Part", json("{'limit': 0}"))))
                    .startsWith("invalid_value: 0 is not valid for 'limit'.");
            assertThat(refusal(() -> bench.find("Part", "{}", "{'limit': 1001}")))
                    .startsWith("limit_exceeded");
            assertThat(refusal(() -> bench.find("Part", "{}", "{'offset': -1}")))
                    .startsWith("invalid_value");
            assertThat(refusal(() -> bench.find("Part", "{}", "{'order': 'name'}")))
                    .startsWith("unknown_field: There is no option 'order'.");
        }

        @Test
        void find_never_cuts_silently() {
            bench.write(work -> {
                var part = bench.folder().nouns().require("Part");
                IntStream.range(0, 989).forEach(_ -> work.create(part, json("{'name': 'x'}")));
                var all = work.queries().find(part, json("{}"), json("{}"));
                assertThat(refusal(() -> work.findAll(all)))
                        .startsWith("limit_exceeded: More than 1000 Part objects match.");
                var some = work.queries().find(part, json("{'name': 'x'}"), json("{}"));
                assertThat(work.findAll(some)).hasSize(989);
                return part;
            });
        }
    }

    @Nested
    class Including {
        @Test
        void puts_the_object_in_place_of_a_reference() {
            var ada = id("Contact", "{'name': 'Ada'}");
            var works = id("Organization", "{'name': 'Works'}");
            id("Part", "{'name': 'bolt', 'owner': '%s', 'makers': ['%s']}".formatted(ada, works));
            var part = bench.find("Part", "{}", "{'include': ['owner', 'makers']}").getFirst();
            assertThat(part.path("owner").path("name").stringValue()).isEqualTo("Ada");
            assertThat(part.path("makers").path(0).path("name").stringValue()).isEqualTo("Works");
            bench.delete("Contact", ada);
            assertThat(
                            bench.find("Part", "{}", "{'populate': 'owner'}")
                                    .getFirst()
                                    .path("owner")
                                    .isNull())
                    .isTrue();
        }

        @Test
        void lists_who_refers_under_declared_and_derived_names() {
            var ada = id("Contact", "{'name': 'Ada'}");
            var bob = id("Contact", "{'name': 'Bob', 'manager': '%s'}".formatted(ada));
            var slow = id("Part", "{'name': 'bolt', 'owner': '%s'}".formatted(ada));
            var works = id("Organization", "{'name': 'Works'}");
            id("Part", "{'name': 'nut', 'owner': '%s', 'makers': ['%s']}".formatted(ada, works));
            bench.delete("Part", slow);
            var contact =
                    bench.get(
                                    "Contact",
                                    ada,
                                    "{'include': ['reports', 'partsByOwner'], 'fields': ['name']}")
                            .orElseThrow();
            assertThat(contact.propertyNames())
                    .containsExactly(
                            "$type",
                            "$id",
                            "name",
                            "reports",
                            "reportsTotal",
                            "partsByOwner",
                            "partsByOwnerTotal");
            assertThat(contact.path("reports").path(0).path("$id").stringValue()).isEqualTo(bob);
            assertThat(contact.path("partsByOwnerTotal").intValue()).isEqualTo(1);
            assertThat(
                            bench.get("Organization", works, "{'include': 'partsByMakers'}")
                                    .orElseThrow()
                                    .path("partsByMakersTotal")
                                    .intValue())
                    .isEqualTo(1);
        }

        @Test
        void lists_at_most_a_hundred_and_says_how_many_there_are() {
            var ada = id("Contact", "{'name': 'Ada'}");
            bench.write(work -> {
                var part = bench.folder().nouns().require("Part");
                IntStream.range(0, 103)
                        .forEach(_ ->
                                work.create(
                                        part, json("{'name': 'x', 'owner': '%s'}".formatted(ada))));
                return part;
            });
            var contact = bench.get("Contact", ada, "{'include': 'partsByOwner'}").orElseThrow();
            assertThat(contact.path("partsByOwner").size()).isEqualTo(100);
            assertThat(contact.path("partsByOwnerTotal").intValue()).isEqualTo(103);
        }

        @Test
        void refuses_what_is_no_relation() {
            assertThat(refusal(() -> bench.find("Part", "{}", "{'include': ['ownr']}")))
                    .startsWith(
                            "unknown_field: There is no relation 'ownr'. | Did you mean 'owner'?");
            assertThat(refusal(() -> bench.find("Part", "{}", "{'include': ['name']}")))
                    .startsWith("unknown_field: There is no relation 'name'.");
        }
    }

    @Nested
    class Choosing_fields {
        @Test
        void type_and_id_always_come_along() {
            bench.create("Part", "{'name': 'bolt', 'weight': 1, 'notes': 'x'}");
            var part =
                    bench.find("Part", "{}", "{'fields': ['weight', 'createdBy', '$context']}")
                            .getFirst();
            assertThat(part.propertyNames())
                    .containsExactly("$type", "$id", "$context", "$createdBy", "weight");
        }

        @Test
        void refuses_an_unknown_one() {
            assertThat(refusal(() -> bench.find("Part", "{}", "{'fields': 'nam'}")))
                    .startsWith("unknown_field: There is no field 'nam'.");
        }
    }

    @Nested
    class Looking_back {
        static final String BEFORE = "{'asOf': '2026-03-30T09:00:00Z'}";
        static final String NEVER = "{'asOf': '2026-03-30T08:59:59Z'}";
        String ada;
        String bolt;

        @BeforeEach
        void history() {
            ada = id("Contact", "{'name': 'Ada'}");
            bolt = id("Part", "{'name': 'bolt', 'code': 'b1', 'owner': '%s'}".formatted(ada));
            id("Part", "{'name': 'nut', 'owner': '%s'}".formatted(ada));
            bench.goOn(Duration.ofMinutes(1));
            bench.update("Part", bolt, "{'name': 'screw', 'code': 's1'}");
            bench.update("Contact", ada, "{'name': 'Ada L.'}");
            bench.goOn(Duration.ofMinutes(1));
            bench.delete("Part", bolt);
            bench.goOn(Duration.ofMinutes(1));
        }

        @Test
        void get_sees_the_state_of_that_moment_also_of_what_is_gone() {
            assertThat(bench.get("Part", bolt, "{}")).isEmpty();
            assertThat(bench.get("Part", bolt, NEVER)).isEmpty();
            assertThat(bench.get("Part", bolt, BEFORE).orElseThrow())
                    .isEqualTo(
                            json(
                                    """
                                    {'$type': 'Part', '$id': '%s', '$context': 'assay://default', '$version': 1,
                                     '$createdAt': '2026-03-30T09:00:00.000Z', '$createdBy': 'ada',
                                     '$updatedAt': '2026-03-30T09:00:00.000Z',
                                     'name': 'bolt', 'code': 'b1', 'owner': '%s'}
                                    """
                                            .formatted(bolt, ada)));
            assertThat(bench.get("Part", "s1", "{'asOf': '1m ago'}")).isEmpty();
            assertThat(bench.get("Part", "s1", "{'asOf': '2m ago'}")).isPresent();
        }

        @Test
        void find_and_count_filter_the_past_state() {
            assertThat(bench.names("Part", "{}", "{'sort': 'name'}")).containsExactly("nut");
            assertThat(
                            bench.names(
                                    "Part",
                                    "{}",
                                    "{'sort': 'name', 'asOf': '2026-03-30T09:00:00Z'}"))
                    .containsExactly("bolt", "nut");
            assertThat(bench.names("Part", "{'name': 'screw'}", "{'asOf': '2m ago'}"))
                    .containsExactly("screw");
            assertThat(bench.count("Part", "{}", BEFORE)).isEqualTo(2);
            assertThat(bench.count("Part", "{}", NEVER)).isZero();
            assertThat(
                            bench.names(
                                    "Part",
                                    "{'owner.name': 'Ada'}",
                                    "{'sort': 'name', 'asOf': '3m ago'}"))
                    .containsExactly("bolt", "nut");
            assertThat(bench.names("Part", "{'owner.name': 'Ada'}", "{}")).isEmpty();
        }

        @Test
        void include_reads_both_ways_at_that_moment() {
            var part =
                    bench.get("Part", bolt, "{'include': 'owner', 'asOf': '3m ago'}").orElseThrow();
            assertThat(part.path("owner").path("name").stringValue()).isEqualTo("Ada");
            var contact =
                    bench.get("Contact", ada, "{'include': 'partsByOwner', 'asOf': '3m ago'}")
                            .orElseThrow();
            assertThat(contact.path("partsByOwnerTotal").intValue()).isEqualTo(2);
            assertThat(
                            contact.path("partsByOwner")
                                    .valueStream()
                                    .map(p -> p.path("name").stringValue()))
                    .containsExactlyInAnyOrder("bolt", "nut");
        }

        @Test
        void events_are_those_that_had_been_appended() {
            var event = id("Event", "{'type': 'signup', 'userId': 'u1'}");
            assertThat(bench.count("Event", "{}", "{'asOf': '1m ago'}")).isZero();
            assertThat(bench.count("Event", "{}", "{'asOf': 'now'}")).isEqualTo(1);
            assertThat(bench.get("Event", event, "{'asOf': '1m ago'}")).isEmpty();
            assertThat(bench.get("Event", event, "{}")).isPresent();
        }
    }

    @Nested
    class Events {
        @Test
        void are_found_by_their_own_columns_and_the_rest_of_the_document() {
            id(
                    "Event",
                    "{'type': 'signup', 'userId': 'u1', 'timestamp': '2026-03-01T00:00:00Z', 'data': {'plan': 'pro'}}");
            id("Event", "{'type': 'login', 'anonymousId': 'u1'}");
            assertThat(bench.names("Event", "{'type': 'signup'}", "{}")).containsExactly("signup");
            assertThat(bench.names("Event", "{'userId': 'u1'}", "{}")).containsExactly("signup");
            assertThat(bench.names("Event", "{'timestamp': {'$lt': '7d ago'}}", "{}"))
                    .containsExactly("signup");
            assertThat(
                            bench.names(
                                    "Event",
                                    "{'timestamp': {'$exists': true}}",
                                    "{'sort': 'timestamp'}"))
                    .containsExactly("signup", "login");
            assertThat(bench.names("Event", "{'data.plan': 'pro'}", "{}"))
                    .containsExactly("signup");
            assertThat(bench.names("Event", "{'$text': 'sign'}", "{}")).containsExactly("signup");
            assertThat(bench.allPages("Event", "{'sort': '-timestamp', 'limit': 1}", () -> {}))
                    .containsExactly("login", "signup");
        }
    }
}
