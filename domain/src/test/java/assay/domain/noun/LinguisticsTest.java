package assay.domain.noun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LinguisticsTest {
    @ParameterizedTest(name = "{0}: {1}, {2}, {3}")
    @CsvSource({
        "FeatureFlag, feature flag, FeatureFlags, feature-flags",
        "Activity, activity, Activities, activities",
        "ABTest, ab test, ABTests, ab-tests",
        "MLExperiment, ml experiment, MLExperiments, ml-experiments",
        "Person, person, People, people",
        "TeamPerson, team person, TeamPeople, team-people",
        "Index, index, Indices, indices",
        "Analysis, analysis, Analyses, analyses",
        "Criterion, criterion, Criteria, criteria",
        "Branch, branch, Branches, branches",
        "Box, box, Boxes, boxes",
        "Day, day, Days, days",
        "Staff, staff, Staffs, staffs",
        "Half, half, Halves, halves",
    })
    void a_name_has_words_a_plural_and_an_address(
            String name, String words, String plural, String slug) {
        assertThat(Linguistics.singular(name)).isEqualTo(words);
        assertThat(Linguistics.plural(name)).isEqualTo(plural);
        assertThat(Linguistics.slug(name)).isEqualTo(slug);
    }
}
