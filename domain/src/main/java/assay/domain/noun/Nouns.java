package assay.domain.noun;

import java.util.List;
import java.util.SequencedMap;

/// All nouns of a data folder: the built-in ones and those its user declared. Immutable.
public final class Nouns {
    private final SequencedMap<String, Noun> byName;

    Nouns(SequencedMap<String, Noun> byName) {
        this.byName = byName;
    }

    /// Every noun, built-in ones first, in the order of their declaration.
    public List<Noun> all() {
        return List.copyOf(byName.values());
    }
}
