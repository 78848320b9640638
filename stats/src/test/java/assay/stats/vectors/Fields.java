package assay.stats.vectors;

import assay.stats.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The outputs of one case by name. What is undefined is left out.
final class Fields {
    private final Map<String, Object> values = new LinkedHashMap<>();

    Fields put(String name, Object value) {
        switch (value) {
            case Answer.Known<?>(var known) -> values.put(name, known);
            case Answer.Undefined<?> _ -> {}
            default -> values.put(name, value);
        }
        return this;
    }

    /// Puts several outputs of an answer, if there is one.
    <T> Fields with(Answer<T> answer, Consumer<T> put) {
        if (answer instanceof Answer.Known<T>(var known)) {
            put.accept(known);
        }
        return this;
    }

    @Nullable Object get(String name) {
        return values.get(name);
    }
}
