package assay.tools;

import static org.assertj.core.api.Assertions.assertThat;

import assay.domain.noun.Nouns;
import assay.domain.noun.Schema;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What `$` holds is what is declared, and the other way round.
@DisplayNameGeneration(ReplaceUnderscores.class)
class FunctionsTest {
    private static final Pattern INTERFACE =
            Pattern.compile(
                    "(?m)^interface (\\w+)(?:<T>)?(?: extends (\\w+)<\\w+>(, hooks<[^>]*>)?)? \\{\\n(.*?)^}",
                    Pattern.DOTALL);
    private static final Pattern MEMBER =
            Pattern.compile("(?m)(?:^  |; )(\\w+)(?:\\(|: (?:act<|null))");
    private static final Pattern WORD = Pattern.compile("'(\\w+)'");
    private static final Pattern NOUN = Pattern.compile("(?m)^  (\\w+): (\\w+Api)$");

    private final Nouns nouns = Nouns.load(Optional.empty());

    @Test
    void every_function_is_declared_and_every_declared_one_is_there() {
        assertThat(declared(Schema.typescript(nouns, Functions.signatures()))).isEqualTo(held());
    }

    @Test
    void the_declaration_of_one_noun_says_the_same() {
        for (var noun : nouns.all()) {
            var declared = declared(Schema.typescript(nouns, noun, Functions.signatures()));
            assertThat(declared.get(noun.name())).isEqualTo(held().get(noun.name()));
        }
    }

    @Test
    void every_function_answers(@TempDir Path data) {
        try (var workspace = new Workspace(data)) {
            held().forEach((noun, functions) ->
                    functions.forEach(function -> {
                        var call = noun.isEmpty() ? function : noun + "." + function;
                        var reply =
                                workspace.run(
                                        "$.%s === null || await $.%s({})".formatted(call, call));
                        assertThat(reply.value().path("error").path("reason").asString(""))
                                .as(call)
                                .isNotIn(
                                        "unknown_verb", "unknown_type", "internal", "script_error");
                    }));
        }
    }

    /// Members of `$` by noun; under the empty name those of `$` itself.
    private Map<String, Set<String>> held() {
        var held = new TreeMap<String, Set<String>>();
        JsonMapper.shared()
                .readTree(Functions.api(nouns))
                .properties()
                .forEach(noun -> {
                    var names = new TreeSet<String>();
                    noun.getValue()
                            .forEach(name ->
                                    names.add(
                                            name.stringValue()
                                                    .replace(":null", "")
                                                    .replace(":hook", "")));
                    // Other spellings are understood and not advertised.
                    names.removeAll(
                            Set.of(
                                    "snapshoting",
                                    "snapshoted",
                                    "canceling",
                                    "canceled",
                                    "resetted"));
                    held.put(noun.getKey(), names);
                });
        return held;
    }

    private static Map<String, Set<String>> declared(String typescript) {
        var members = new TreeMap<String, Set<String>>();
        var bodies = new TreeMap<String, String>();
        for (var found = INTERFACE.matcher(typescript); found.find(); ) {
            var names = new TreeSet<String>();
            if (found.group(2) != null) {
                names.addAll(members.getOrDefault(found.group(2), Set.of()));
            }
            if (found.group(3) != null) {
                names.addAll(Set.of("before", "after"));
                for (var hook = WORD.matcher(found.group(3)); hook.find(); ) {
                    names.add(hook.group(1));
                }
            }
            for (var member = MEMBER.matcher(found.group(4)); member.find(); ) {
                names.add(member.group(1));
            }
            members.put(found.group(1), names);
            bodies.put(found.group(1), found.group(4));
        }
        var declared = new TreeMap<String, Set<String>>();
        declared.put("", members.getOrDefault("assay", Set.of()));
        for (var noun = NOUN.matcher(bodies.getOrDefault("assay", "")); noun.find(); ) {
            declared.put(noun.group(1), members.getOrDefault(noun.group(2), Set.of()));
        }
        return declared;
    }
}
