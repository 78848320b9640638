package assay.server.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where this Assay stands, so that others can be told how to start it.
///
/// @param command the words that start it, the first an absolute path
/// @param version such as `0.1.0`
/// @param commit the commit it was built from, where that is known
/// @param cache the file of the ahead-of-time cache, whether it exists or not; empty when it is
///   switched off
public record Installation(
        List<String> command, String version, Optional<String> commit, Optional<Path> cache) {
    public Installation {
        command = List.copyOf(command);
    }

    /// The installation this program runs from, as the launcher describes it in system properties.
    public static Installation current() {
        var version = Installation.class.getPackage().getImplementationVersion();
        return new Installation(
                property("assay.launcher")
                        .map(launcher -> List.of(absolute(launcher)))
                        .orElseGet(Installation::withoutLauncher),
                version == null ? "unpackaged" : version,
                property("assay.commit"),
                property("assay.cache").map(Path::of));
    }

    /// The version line: Assay's version and commit, and the Java that runs it.
    public String versionLine() {
        return "assay "
                + version
                + commit.map(id -> " (" + id.substring(0, Math.min(12, id.length())) + ")")
                        .orElse("")
                + " on Java "
                + Runtime.version();
    }

    private static List<String> withoutLauncher() {
        var java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
        return List.of(java, "-cp", System.getProperty("java.class.path", ""), "assay.server.Main");
    }

    private static String absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    private static Optional<String> property(String name) {
        return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isEmpty());
    }
}
