package assay.domain.noun;

import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ValueTest {
    static String stored(String type, String json) {
        var definition = Json.object().put("f", type);
        var field = Objects.requireNonNull(Definition.parse("N", definition).fields().get("f"));
        return Value.stored("N", field, Json.read(json)).toString();
    }

    @ParameterizedTest(name = "{0} takes {1} and stores {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    string;         "a";                            "a"
                    number;         50.0;                           50
                    number;         0.1;                            0.1
                    number;         -0.0;                           0
                    number;         12345678901;                    12345678901
                    int;            3.0;                            3
                    int;            9007199254740991;               9007199254740991
                    decimal;        12.50;                          "12.5"
                    decimal;        "100";                          "100"
                    decimal(5,2);   "999.99";                       "999.99"
                    boolean;        false;                          false
                    date;           "2026-02-28";                   "2026-02-28"
                    datetime;       "2026-03-31T09:00:00Z";         "2026-03-31T09:00:00.000Z"
                    datetime;       "2026-03-31T11:30+02:00";       "2026-03-31T09:30:00.000Z"
                    timestamp;      "2026-03-31T09:00:00.123456Z";  "2026-03-31T09:00:00.123Z"
                    json;           "{\\"a\\": 1}";                 {"a":1}
                    json;           "plain";                        "plain"
                    json;           [1, null];                      [1,null]
                    url;            "https://example.com/a?b=c";    "https://example.com/a?b=c"
                    email;          "ada@example.com";              "ada@example.com"
                    id;             "contact_fX9bL5nRd";            "contact_fX9bL5nRd"
                    uuid;           "123e4567-e89b-12d3-a456-426614174000"; "123e4567-e89b-12d3-a456-426614174000"
                    ulid;           "01ARZ3NDEKTSV4RRFFQ69G5FAV";   "01ARZ3NDEKTSV4RRFFQ69G5FAV"
                    string[];       ["a", "b"];                     ["a","b"]
                    A | B;          "B";                            "B"
                    -> Contact;     "contact_fX9bL5nRd";            "contact_fX9bL5nRd"
                    -> Contact;     {"$id": "contact_fX9bL5nRd", "name": "Ada"}; "contact_fX9bL5nRd"
                    """)
    void a_fitting_value_is_stored_in_one_form(String type, String given, String stored) {
        assertThat(stored(type, given)).isEqualTo(stored);
    }

    @ParameterizedTest(name = "{0} refuses {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    string;       5;              5 is not text, which N.f needs. | Send f as "5".
                    string;       ["a"];          ["a"] is not text, which N.f needs. | Send f as text.
                    number;       "30";           '30' is not a number, which N.f needs. | Send f as 30.
                    number;       "lots";         'lots' is not a number, which N.f needs. | Send f as a number, such as 12.5.
                    int;          1.5;            1.5 is not a whole number of at most 9007199254740991 either way, which N.f needs. | Send f as a whole number, such as 12.
                    int;          9007199254740993; 9007199254740993 is not a whole number of at most 9007199254740991 either way, which N.f needs. | Send f as a whole number, such as 12.
                    decimal;      "1e999999999";  '1e999999999' is not a decimal, which N.f needs. | Send f as a number or as text such as "12.50".
                    decimal(5,2); 1.005;          1.005 is not a decimal with at most 2 digits after the point, which N.f needs. | Round f to 1.00.
                    decimal(5,2); 1000;           1000 is not a decimal with at most 3 digits before the point, which N.f needs. | Send f as a smaller number.
                    boolean;      "true";         'true' is not true or false, which N.f needs. | Send f as true.
                    boolean;      1;              1 is not true or false, which N.f needs. | Send f as true or false.
                    date;         "2026-02-30";   '2026-02-30' is not a date, which N.f needs. | Send f as "YYYY-MM-DD", such as "2026-03-31".
                    date;         "2026-03-31T09:00:00Z"; '2026-03-31T09:00:00Z' is not a date, which N.f needs. | Send f as "2026-03-31".
                    datetime;     "2026-03-31";   '2026-03-31' is not a time with a zone, which N.f needs. | Send f as "2026-03-31T00:00:00.000Z".
                    datetime;     "tomorrow";     'tomorrow' is not a time, which N.f needs. | Send f as ISO 8601 with a zone, such as "2026-03-31T09:00:00Z".
                    datetime;     1767225600000;  1767225600000 is not a time, which N.f needs. | Send f as ISO 8601 with a zone, such as "2026-03-31T09:00:00Z".
                    url;          "example";      'example' is not an absolute URL, which N.f needs. | Send f as an absolute URL, such as "https://example.com/a".
                    email;        "ada@";         'ada@' is not an email address, which N.f needs. | Send f as an email address, such as "ada@example.com".
                    string[];     "a";            'a' is not an array, which N.f needs. | Send f as an array, even of one.
                    string[];     ["a", null];    ["a",null] is not an array without null, which N.f needs. | Leave the null out of f.
                    Draft | Live; "draft";        'draft' is not a member of its list, which N.f needs. | Did you mean 'Draft'? Send f as one of: Draft, Live.
                    50% | 100%;   "40%";          '40%' is not a member of its list, which N.f needs. | Did you mean '50%'? Send f as one of: 50%, 100%.
                    -> Contact;   "ada";          'ada' is not an id, which N.f needs. | Send f as the $id of a Contact, such as "contact_fX9bL5nR".
                    """)
    void another_value_is_refused_with_the_right_one_where_it_can_be_seen(
            String type, String given, String refusal) {
        assertThat(refusal(() -> stored(type, given))).isEqualTo("invalid_value: " + refusal);
    }

    @Test
    void a_computed_list_cannot_be_written() {
        assertThat(refusal(() -> stored("<- Deal.owner[]", "[]")))
                .isEqualTo(
                        "computed_field: N.f is computed from Deal.owner and cannot be written. |"
                                + " Leave f out, and set owner on the Deal instead.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contact_fX9bL5nRd", "exp_abcdef", "ABTest_0123456789abcdef"})
    void an_id_is_letters_an_underscore_and_6_to_16_letters_or_digits(String text) {
        assertThat(Value.isId(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "contact",
                "contact_",
                "contact_12345",
                "_abcdefgh",
                "a_b_cdefgh",
                "a-b_abcdefgh"
            })
    void other_text_is_no_id(String text) {
        assertThat(Value.isId(text)).isFalse();
    }
}
