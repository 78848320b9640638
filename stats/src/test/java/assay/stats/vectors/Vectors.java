package assay.stats.vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The command behind `bench/vectors`: runs every vector file of a folder and says how it went.
public final class Vectors {
    private Vectors() {}

    public static void main(String[] arguments) throws IOException {
        boolean failed = false;
        for (var file : files(Path.of(arguments[0]))) {
            var score = Score.of(file);
            System.out.println(score);
            score.failures().forEach(failure -> System.out.println("  " + failure));
            score.stretchFailures().forEach(failure -> System.out.println("  stretch: " + failure));
            failed |= !score.failures().isEmpty();
        }
        System.exit(failed ? 1 : 0);
    }

    static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }
}
