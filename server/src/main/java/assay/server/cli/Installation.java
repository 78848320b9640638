package assay.server.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where this Assay stands, so that others can be told how to start it.
///
/// @param command the words that start it, the first an absolute path
/// @param version such as `0.1.0`
/// @param commit the commit it was built from; empty when that is not known
/// @param cache the file of the ahead-of-time cache, whether it exists or not; empty when it is
///   switched off
public record Installation(
        List<String> command, String version, String commit, Optional<Path> cache) {
    public Installation {
        command = List.copyOf(command);
    }

    /// The installation this program runs from, as the launcher describes it in system properties.
    public static Installation current() {
        var launcher = property("assay.launcher");
        var version = Installation.class.getPackage().getImplementationVersion();
        var cache = property("assay.cache");
        return new Installation(
                launcher.isEmpty() ? withoutLauncher() : List.of(normal(launcher)),
                version == null ? "unpackaged" : version,
                property("assay.commit"),
                cache.isEmpty() ? Optional.empty() : Optional.of(Path.of(cache)));
    }

    /// The ahead-of-time cache that has the script engine in it, which the first `assay do` makes;
    /// whether it exists or not.
    public Optional<Path> scriptCache() {
        return cache.map(file -> Path.of(file.toString().replaceFirst("-core\\.aot$", "-do.aot")));
    }

    /// The version line: Assay's version and commit, and the Java that runs it.
    public String versionLine() {
        var built =
                commit.isEmpty()
                        ? ""
                        : " (" + commit.substring(0, Math.min(12, commit.length())) + ")";
        return "assay " + version + built + " on Java " + property("java.runtime.version");
    }

    private static List<String> withoutLauncher() {
        var java = Path.of(property("java.home"), "bin", "java").toString();
        return List.of(java, "-cp", property("java.class.path"), "assay.server.Main");
    }

    private static String normal(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    private static String property(String name) {
        return System.getProperty(name, "");
    }
}
