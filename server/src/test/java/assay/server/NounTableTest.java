package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Noun;
import assay.domain.noun.Verb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NounTableTest {
    private static Noun noun(String name, Set<String> disabled, String... verbs) {
        var byName = new LinkedHashMap<String, Verb>();
        for (var verb : verbs) {
            byName.put(verb, new Verb(verb, verb + "ing", verb + "ed", verb + "ed"));
        }
        return new Noun(
                name,
                "",
                new LinkedHashMap<>(),
                byName,
                disabled,
                Set.of(),
                Optional.empty(),
                Map.of());
    }

    @Test
    void shows_each_noun_with_its_fields_and_verbs() {
        assertThat(
                        NounTable.of(
                                List.of(
                                        noun("Experiment", Set.of(), "start", "pause"),
                                        noun("Event", Set.of("update", "delete")))))
                .isEqualTo(
                        """
                        NOUN        FIELDS  VERBS
                        Experiment       0  create update delete start pause
                        Event            0  create
                        """);
    }
}
