package assay.server;

import static org.assertj.core.api.Assertions.assertThat;

import assay.server.cli.Help;
import assay.server.cli.Option;
import assay.server.cli.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentationTest {
    private static final Path ROOT = Path.of("..");

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    @Test
    void every_option_has_a_row_in_the_page_of_settings() throws IOException {
        var rows =
                Arrays.stream(Option.values())
                        .map(option ->
                                "| `%s` | `%s` |"
                                        .formatted(
                                                (option.flag() + " " + option.placeholder())
                                                        .strip(),
                                                option.variable()))
                        .toList();
        assertThat(read("docs/settings.md")).contains(rows);
    }

    @Test
    void every_variable_of_the_launcher_has_a_row_in_the_page_of_settings() throws IOException {
        var names =
                Pattern.compile("\\$\\{(ASSAY_[A-Z_]+)")
                        .matcher(read("assay"))
                        .results()
                        .map(found -> "| `" + found.group(1) + "` |")
                        .distinct()
                        .toList();
        assertThat(names).hasSize(4);
        assertThat(read("docs/settings.md")).contains(names);
    }

    @Test
    void every_verb_that_help_shows_stands_in_the_page_of_the_command_line() throws IOException {
        var help = Help.ofAll();
        var page = read("docs/command-line.md");
        assertThat(
                        Arrays.stream(Verb.values())
                                .filter(verb -> help.contains("assay " + verb.word() + " "))
                                .filter(verb -> !page.contains("`assay " + verb.word()))
                                .toList())
                .isEmpty();
    }

    @Test
    void the_two_files_for_clients_at_the_root_are_the_same() throws IOException {
        assertThat(read(".mcp.json")).isEqualTo(read("mcp.json"));
    }
}
