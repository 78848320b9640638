package assay.domain.noun;

import static assay.domain.JsonText.json;
import static assay.domain.JsonText.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Field.Index;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DefinitionTest {
    static Noun noun(String definition) {
        return Definition.parse("Lead", json(definition));
    }

    static Optional<Field> field(String line) {
        var definition = Json.object().put("key", line);
        return Optional.ofNullable(Definition.parse("Lead", definition).fields().get("key"));
    }

    static Field plain(Base base, boolean required, Index index, boolean array) {
        return new Field.Plain("key", base, required, index, array, Optional.empty());
    }

    @Nested
    class A_field {
        @ParameterizedTest
        @ValueSource(strings = {"string!##", "string##!", "string ## !", "String!##"})
        void takes_its_modifiers_in_any_order(String line) {
            assertThat(field(line)).contains(plain(Base.STRING, true, Index.UNIQUE, false));
        }

        @ParameterizedTest
        @ValueSource(strings = {"string![]#", "string[]#!", "string#[]!"})
        void may_be_an_array(String line) {
            assertThat(field(line)).contains(plain(Base.STRING, true, Index.INDEXED, true));
        }

        @Test
        void of_a_time_is_indexed_without_being_marked() {
            assertThat(field("datetime"))
                    .contains(plain(Base.DATETIME, false, Index.INDEXED, false));
        }

        @Test
        void has_a_default_of_its_own_type() {
            assertThat(field("int! = 0"))
                    .contains(
                            new Field.Plain(
                                    "key",
                                    Base.INT,
                                    true,
                                    Index.NONE,
                                    false,
                                    Optional.of(Json.read("0"))));
        }

        @Test
        void keeps_a_quoted_default_whole() {
            assertThat(field("string = \"a|b\""))
                    .contains(
                            new Field.Plain(
                                    "key",
                                    Base.STRING,
                                    false,
                                    Index.NONE,
                                    false,
                                    Optional.of(Json.text("a|b"))));
        }

        @Test
        void of_decimals_may_have_a_size() {
            assertThat(field("decimal(10, 2)?"))
                    .contains(
                            new Field.Plain(
                                    "key",
                                    Base.DECIMAL,
                                    false,
                                    Index.NONE,
                                    false,
                                    Optional.empty(),
                                    Optional.of(new Field.Digits(10, 2))));
        }

        @Test
        void whose_type_looks_like_a_word_is_still_a_field() {
            assertThat(field("Url")).contains(plain(Base.URL, false, Index.NONE, false));
        }
    }

    @Nested
    class An_enum {
        @Test
        void is_a_list_of_members_and_indexed() {
            assertThat(field("Draft | Active = Active"))
                    .contains(
                            new Field.Choice(
                                    "key",
                                    List.of("Draft", "Active"),
                                    false,
                                    Index.INDEXED,
                                    false,
                                    Optional.of("Active")));
        }

        @Test
        void in_brackets_takes_modifiers_quotes_and_one_member() {
            assertThat(field("enum('Draft')! = \"Draft\""))
                    .contains(
                            new Field.Choice(
                                    "key",
                                    List.of("Draft"),
                                    true,
                                    Index.INDEXED,
                                    false,
                                    Optional.of("Draft")));
        }
    }

    @Nested
    class A_relation {
        @Test
        void holds_an_id_and_may_name_its_inverse() {
            assertThat(field("-> Organization.contacts!"))
                    .contains(
                            new Field.Reference(
                                    "key",
                                    "Organization",
                                    Optional.of("contacts"),
                                    true,
                                    Index.INDEXED,
                                    false));
        }

        @Test
        void may_be_the_list_of_those_that_point_here() {
            assertThat(field("<- Contact.organization[]"))
                    .contains(new Field.Reverse("key", "Contact", "organization", true));
        }
    }

    @Nested
    class A_verb {
        @Test
        void is_a_single_word_in_pascal_case() {
            assertThat(noun("{'status': 'Draft'}").verbs())
                    .isEqualTo(Map.of("status", new Verb("status", "statusing", "draft", "Draft")));
        }

        @Test
        void of_create_update_and_delete_is_disabled_by_null() {
            assertThat(noun("{'update': null, 'delete': null}").disabled())
                    .isEqualTo(Set.of("update", "delete"));
        }
    }

    @Nested
    class A_noun {
        final Noun noun =
                noun(
                        """
                        {'$description': 'A lead.', '$computed': ['score'], '$aliases': {'label': 'name'},
                         '$joined': ['tags'],
                         '$lifeCycle': {'field': 'status', 'initial': 'New', 'fixedStart': true,
                           'moves': {'win': {'New | Open': 'Won'}, 'drop': {'*': 'Lost'}},
                           'byUpdate': {'New': 'Open'}},
                         '$effects': {'win': {'wonAt': '$now?', 'wins': '+1', 'name': 'Winner'}},
                         'name': 'string', 'tags': 'string', 'score': 'number', 'wins': 'number',
                         'wonAt': 'datetime', 'status': 'New | Open | Won | Lost',
                         'win': 'Won', 'drop': 'Dropped'}
                        """);

        @Test
        void says_under_dollar_keys_what_holds_for_all_of_it() {
            assertThat(noun.description()).isEqualTo("A lead.");
            assertThat(noun.computed()).isEqualTo(Set.of("score"));
            assertThat(noun.aliases()).isEqualTo(Map.of("label", "name"));
            assertThat(noun.joined()).isEqualTo(Set.of("tags"));
            assertThat(noun.effects())
                    .isEqualTo(
                            Map.of(
                                    "win",
                                    Map.of("wonAt", "$now?", "wins", "+1", "name", "\"Winner\"")));
        }

        @Test
        void has_a_life_cycle_with_every_move_spelled_out() {
            assertThat(noun.lifeCycle())
                    .contains(
                            new LifeCycle(
                                    "status",
                                    "New",
                                    true,
                                    Map.of(
                                            "win", Map.of("New", "Won", "Open", "Won"),
                                            "drop",
                                                    Map.of(
                                                            "", "Lost", "New", "Lost", "Open",
                                                            "Lost", "Won", "Lost")),
                                    Map.of("New", Set.of("Open"))));
        }

        @Test
        void keeps_the_order_of_its_declaration() {
            assertThat(noun.fields().keySet())
                    .containsExactly("name", "tags", "score", "wins", "wonAt", "status");
        }
    }

    @Nested
    class What_is_not_in_the_language {
        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                textBlock =
                        """
                        strin          ~ invalid_value: Lead.key, declared as 'strin', has the unknown type 'strin'. | Did you mean 'string'? Use one of: string, text, markdown, code, number, float, int, decimal, boolean, date, datetime, timestamp, json, url, email, id, uuid, ulid.
                        string!?       ~ invalid_value: Lead.key, declared as 'string!?', has '?' where a modifier may stand once. | Use each of '!' or '?', '#' or '##', and '[]' at most once.
                        string###      ~ invalid_value: Lead.key, declared as 'string###', has '#' where a modifier may stand once. | Use each of '!' or '?', '#' or '##', and '[]' at most once.
                        json##         ~ invalid_value: Lead.key, declared as 'json##', cannot be unique, being json or an array. | Write '#' or nothing instead of '##'.
                        <- A.b[]!      ~ invalid_value: Lead.key, declared as '<- A.b[]!', has a modifier on a computed relation. | Leave out '!', '?' and '#': nothing is stored in it.
                        <- Deal        ~ invalid_value: Lead.key, declared as '<- Deal', does not say which field points here. | Write the field of Deal after a dot, such as "<- Deal.lead[]".
                        -> Org | Lead  ~ invalid_value: Lead.key, declared as '-> Org | Lead', is not one relation. | Write one target and no default, such as "-> Organization.contacts".
                        <-> Org        ~ invalid_value: Lead.key, declared as '<-> Org', is not one relation. | Write one target and no default, such as "-> Organization.contacts".
                        A | B = C      ~ invalid_value: Lead.key, declared as 'A | B = C', has a default outside its enum. | Use one of: A, B.
                        A || B         ~ invalid_value: Lead.key, declared as 'A || B', has an empty enum member. | Take out the separator too many.
                        A | A          ~ invalid_value: Lead.key, declared as 'A | A', has the enum member 'A' twice. | Keep one of the two.
                        A | B!         ~ invalid_value: Lead.key, declared as 'A | B!', has a modifier after a member. | List the members as in "enum(Draft, Active)!", with the modifiers after the bracket.
                        string = a|b   ~ invalid_value: Lead.key, declared as 'string = a|b', has '|' in a default. | Put the default in double quotes, such as string = "a|b".
                        int = many     ~ invalid_value: Lead.key, declared as 'int = many', has a default that does not fit: 'many'. | Write a default that the type int can hold, or none.
                        string(3,1)    ~ invalid_value: Lead.key, declared as 'string(3,1)', has a size that its type cannot have. | Write decimal(p,s), such as decimal(10,2), with s at most p and p at most 1000; other types have no size.
                        Level2         ~ invalid_value: Lead.key, declared as 'Level2', has the unknown type 'Level2'. | Use one of: string, text, markdown, code, number, float, int, decimal, boolean, date, datetime, timestamp, json, url, email, id, uuid, ulid.
                        """)
        void is_refused_with_its_noun_its_key_and_a_repair(String line, String refusal) {
            assertThat(refusal(() -> field(line))).isEqualTo(refusal);
        }

        @ParameterizedTest
        @ValueSource(strings = {"~> Idea", "<~ Idea", "<~> Idea"})
        void includes_fuzzy_relations(String line) {
            assertThat(refusal(() -> field(line)))
                    .endsWith(
                            "is a fuzzy relation, which Assay does not have. | Write '->' to hold"
                                    + " the id of another object, or '<-' for the list of those"
                                    + " that point here.");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '~',
                textBlock =
                        """
                        {'key': ''}               ~ invalid_value: Lead.key, declared as '', has an empty definition. | Write a type, such as "string".
                        {'create': 'Created'}     ~ invalid_value: Lead.create, declared as 'Created', has the unknown type 'Created'. | Use one of: string, text, markdown, code, number, float, int, decimal, boolean, date, datetime, timestamp, json, url, email, id, uuid, ulid.
                        {'get': null}             ~ invalid_value: Lead: the key 'get' is null, which disables a verb. | Use null for create, update or delete only; take the key out otherwise.
                        {'count': 'Counted'}      ~ invalid_value: Lead: the key 'count' is a function that every noun has. | Give the verb another name.
                        {'a': 'Opened', 'b': 'Opened'} ~ invalid_value: Lead: the key 'b' has a hook named 'opened', which is taken. | Give the verb another name or another event.
                        {'a b': 'string'}         ~ invalid_value: Lead: the key 'a b' is not a name. | Begin with a letter and go on with letters, digits or '_', at most 64.
                        {'key': 5}                ~ invalid_value: Lead: the key 'key' is declared as 5. | Write a text in the noun language, such as "string".
                        {'$lifecycle': {}}        ~ invalid_value: Lead: the key '$lifecycle' is not a key of a definition. | Did you mean '$lifeCycle'? Use one of: $description, $computed, $aliases, $joined, $lifeCycle, $effects.
                        {'$computed': ['nam'], 'name': 'string'} ~ invalid_value: Lead: the key '$computed' names 'nam', which is no stored field. | Did you mean 'name'? Name one of: name.
                        {'$effects': {'win': {}}, 'name': 'string', 'winn': 'Won'} ~ invalid_value: Lead: the key '$effects' names 'win', which is no verb. | Did you mean 'winn'? Name one of: winn.
                        {'$lifeCycle': {'field': 's', 'initial': 'C'}, 's': 'A | B'} ~ invalid_value: Lead: the key '$lifeCycle' names the unknown state 'C'. | Name one of: A, B.
                        """)
        void is_refused_in_any_key(String definition, String refusal) {
            assertThat(refusal(() -> noun(definition))).isEqualTo(refusal);
        }
    }
}
