package assay.domain.noun;

import assay.domain.Nearest;
import assay.domain.Quoted;
import assay.domain.Reason;
import assay.domain.Refused;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// All nouns of a data folder: the built-in ones and those its user declared. Immutable.
public final class Nouns {
    private static final SequencedMap<String, Field.Reverse> NONE =
            Collections.unmodifiableSequencedMap(new LinkedHashMap<>());

    private final SequencedMap<String, Noun> byName;
    private final Map<String, Noun> bySpelling;
    private final Map<String, SequencedMap<String, Field.Reverse>> reverses;

    Nouns(SequencedMap<String, Noun> byName) {
        this.byName = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byName));
        this.bySpelling = spellings(byName);
        this.reverses = Relations.reverses(byName);
    }

    /// The built-in nouns, and those that a user declared.
    ///
    /// A file of a user holds either one noun and is named after it, or an object from names to
    /// nouns.
    ///
    /// @param userFolder the folder of the user's files; need not exist
    /// @throws Refused if a definition is not in the language or contradicts another, naming the
    ///   file, the noun and the key
    public static Nouns load(Optional<Path> userFolder) {
        return NounFiles.read(userFolder);
    }

    /// Every noun, built-in ones first, in the order of their declaration.
    public List<Noun> all() {
        return List.copyOf(byName.values());
    }

    /// A noun by its name, also in another case, in the plural, or as addresses write it.
    public Optional<Noun> find(String name) {
        return Optional.ofNullable(byName.get(name))
                .or(() -> Optional.ofNullable(bySpelling.get(collapsed(name))));
    }

    /// As [#find].
    ///
    /// @throws Refused if there is no such noun, with the nearest name
    public Noun require(String name) {
        return find(name)
                .orElseThrow(() -> {
                    var names = Json.array();
                    byName.keySet().forEach(names::add);
                    return new Refused(
                                    Reason.UNKNOWN_TYPE,
                                    "There is no type %s.".formatted(Quoted.of(name)),
                                    "%sUse one of: %s."
                                            .formatted(
                                                    Nearest.hint(name, byName.keySet()),
                                                    String.join(", ", byName.keySet())))
                            .field("type")
                            .with("types", names);
                });
    }

    /// The noun that an id's prefix names. The prefix is a hint: whoever holds the object knows.
    public Optional<Noun> ofId(String id) {
        var prefix = id.substring(0, Math.max(0, id.indexOf('_')));
        return Optional.ofNullable(bySpelling.get(lower(prefix)))
                .filter(noun -> noun.name().equalsIgnoreCase(prefix));
    }

    /// A relation of a noun by name: a reference it holds, or a list of those that point to it.
    public Optional<Field> relation(Noun noun, String name) {
        return noun.fields().get(name) instanceof Field.Reference reference
                ? Optional.of(reference)
                : Optional.ofNullable(reverses(noun).get(name));
    }

    /// The lists of objects that point to a noun: declared, named by the other side, or derived.
    ///
    /// A derived name is the plural of the other noun if its field is named after this one
    /// (`Contact.deals`), otherwise that plural, `By` and the field (`Contact.dealsByOwner`).
    public SequencedMap<String, Field.Reverse> reverses(Noun noun) {
        return reverses.getOrDefault(noun.name(), NONE);
    }

    private static Map<String, Noun> spellings(SequencedMap<String, Noun> byName) {
        var spellings = new HashMap<String, Noun>();
        byName.values().forEach(noun -> spellings.put(lower(noun.name()), noun));
        byName.values()
                .forEach(noun ->
                        spellings.putIfAbsent(lower(Linguistics.plural(noun.name())), noun));
        return Map.copyOf(spellings);
    }

    private static String collapsed(String name) {
        var letters = new StringBuilder(name.length());
        for (var i = 0; i < name.length(); i++) {
            if ("-_ ".indexOf(name.charAt(i)) < 0) {
                letters.append(name.charAt(i));
            }
        }
        return lower(letters.toString());
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
