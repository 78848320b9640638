package assay.server;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.domain.noun.Noun;
import assay.tools.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/// What a data folder opens into: all that a verb or a transport needs of the inside.
///
/// @param backup copies the database of a tenant to a new file while others use it
/// @param onClose releases what was opened
record Engine(Tools tools, List<Noun> nouns, BiConsumer<String, Path> backup, Runnable onClose)
        implements AutoCloseable {
    /// Opens a data folder, which need not exist yet.
    static Engine open(Path data) {
        return new Engine(
                new Tools(List.of()),
                List.of(),
                (tenant, _) -> {
                    throw new Refused(
                            Reason.STORE_UNAVAILABLE,
                            "There is no database of '%s' in %s.".formatted(tenant, data),
                            "Name the folder with --data, and the tenant with --tenant.");
                },
                () -> {});
    }

    @Override
    public void close() {
        onClose.run();
    }
}
