package assay.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;

/// A folder with the launcher in it, and a shell with a home of its own to start it from.
record Checkout(Path folder, Path home, Map<String, String> environment) {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /// What a start came to.
    record Ran(int code, String out, String err) {}

    /// The checkout this build runs in.
    static Checkout ofThisBuild(Path home) {
        return new Checkout(Path.of("..").toAbsolutePath().normalize(), home, usual(home));
    }

    /// A new checkout that holds the launcher alone.
    static Checkout withLauncherAlone(Path folder, Path home) throws IOException {
        var launcher = Files.copy(Path.of("..", "assay"), folder.resolve("assay"));
        if (!launcher.toFile().setExecutable(true)) {
            throw new IOException("no permission to make " + launcher + " a program");
        }
        return new Checkout(folder, home, usual(home));
    }

    private static Map<String, String> usual(Path home) {
        return Map.of(
                "HOME",
                home.toString(),
                "PATH",
                "/usr/bin:/bin",
                "JAVA_HOME",
                System.getProperty("java.home"),
                "ASSAY_BUILD",
                "off");
    }

    /// The same with a variable set; an empty value takes it away.
    Checkout with(String name, String value) {
        var changed = new HashMap<>(environment);
        changed.put(name, value);
        changed.values().remove("");
        return new Checkout(folder, home, changed);
    }

    Path launcher() {
        return folder.resolve("assay");
    }

    Path jar() {
        return folder.resolve("server/target/assay.jar");
    }

    /// The caches that are there.
    List<Path> caches() throws IOException {
        var caches = home.resolve(".cache/assay");
        if (!Files.exists(caches)) {
            return List.of();
        }
        try (var files = Files.list(caches)) {
            return files.filter(file -> file.toString().endsWith(".aot")).sorted().toList();
        }
    }

    /// Waits until the process in the background has made a cache besides those.
    Path awaitCacheBesides(List<Path> old) throws IOException, InterruptedException {
        for (var end = Instant.now().plus(PATIENCE); Instant.now().isBefore(end); ) {
            for (var cache : caches()) {
                if (!old.contains(cache)) {
                    return cache;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("No cache was made within " + PATIENCE);
    }

    /// Runs the launcher to its end with nothing on its standard input.
    Ran run(String... words) throws IOException, InterruptedException {
        return finish(start(launcher(), words));
    }

    Ran run(Path launcher, String... words) throws IOException, InterruptedException {
        return finish(start(launcher, words));
    }

    Process start(Path launcher, String... words) throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// Waits for its end, and brings that about when it takes too long: a read from a pipe cannot
    /// be interrupted.
    static Ran finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        var late =
                CompletableFuture.runAsync(
                        () -> end(process),
                        CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        try {
            var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            var out = read(process.getInputStream());
            return new Ran(process.waitFor(), out, err.join());
        } finally {
            late.cancel(false);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String read(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Puts a program in place that prints one word, whatever it is told.
    void program(String word) throws IOException {
        Files.createDirectories(folder.resolve("server/target/lib"));
        writeProgram(jar(), word);
    }

    /// Writes such a program.
    static void writeProgram(Path jar, String word) throws IOException {
        var folder = Files.createDirectories(Path.of(jar + ".classes"));
        var source =
                Files.writeString(
                        folder.resolve("Main.java"),
                        """
                        public class Main {
                            public static void main(String[] words) {
                                System.out.println("%s");
                            }
                        }
                        """
                                .formatted(word));
        var compiler = ToolProvider.getSystemJavaCompiler();
        compiler.run(new ByteArrayInputStream(new byte[0]), null, null, source.toString());
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Main");
        Files.deleteIfExists(jar);
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new JarEntry("Main.class"));
            Files.copy(folder.resolve("Main.class"), out);
        }
    }
}
