package assay.domain.work;

import assay.domain.noun.Noun;
import assay.domain.noun.Verb;
import assay.domain.store.StoredObject;

/// Code that runs before or after a verb of a noun.
///
/// @param name as it is registered, such as `Experiment.starting`
/// @param source a function of JavaScript: `(object, $, change) => …` before, `(object, $) => …`
///   after
/// @param registrant whose rights it has
/// @param failures how often it has failed in a row
public record Hook(
        String id,
        String name,
        String noun,
        String verb,
        Phase phase,
        String source,
        String registrant,
        int failures) {
    /// When it runs.
    public enum Phase {
        BEFORE("Before"),
        AFTER("After");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        /// As hooks store it: `Before`, `After`.
        public String word() {
            return word;
        }
    }

    static Hook of(StoredObject stored) {
        var document = stored.document();
        return new Hook(
                stored.id(),
                document.path("name").asString(""),
                document.path("noun").asString(""),
                document.path("verb").asString(""),
                document.path("phase").asString("").equals(Phase.BEFORE.word())
                        ? Phase.BEFORE
                        : Phase.AFTER,
                document.path("source").asString(""),
                document.path("registrant").asString(""),
                document.path("failures").asInt(0));
    }

    /// True when it is asked about a verb of a noun.
    boolean isOf(Noun noun, Verb verb) {
        return this.noun.equals(noun.name()) && this.verb.equals(verb.name());
    }
}
