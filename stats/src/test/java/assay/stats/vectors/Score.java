package assay.stats.vectors;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// How the cases of one file went.
record Score(String file, List<Comparison> cases) {
    static Score of(Path file) {
        String name = file.getFileName().toString();
        var method = Methods.of(name);
        return new Score(name, Case.read(file).stream().map(each -> run(each, method)).toList());
    }

    private static Comparison run(Case example, Function<JsonNode, Fields> method) {
        try {
            return Comparison.of(example, method.apply(example.input()));
        } catch (IllegalArgumentException e) {
            // A refused input has no outputs, which is right if none were expected.
            return Comparison.of(example, new Fields());
        } catch (RuntimeException e) {
            return Comparison.broken(example, e);
        }
    }

    List<String> failures() {
        return cases.stream().flatMap(each -> each.failures().stream()).toList();
    }

    List<String> stretchFailures() {
        return cases.stream().flatMap(each -> each.stretchFailures().stream()).toList();
    }

    @Override
    public String toString() {
        long passed = cases.stream().filter(each -> each.failures().isEmpty()).count();
        double worst = cases.stream().mapToDouble(Comparison::worst).max().orElse(0);
        double share = cases.stream().mapToDouble(Comparison::worstShare).max().orElse(0);
        String line =
                "%s: %d/%d, worst error %.1e (%.2g of tolerance)"
                        .formatted(file, passed, cases.size(), worst, share);
        int stretch = cases.stream().mapToInt(Comparison::stretchTotal).sum();
        return stretch == 0
                ? line
                : line + "; stretch " + (stretch - stretchFailures().size()) + "/" + stretch;
    }
}
