package assay.scripting;

import java.util.List;
import org.junit.jupiter.api.Tag;

/// The whole corpus, but for what a process cannot stop that has to live on.
@Tag("heavy")
class InProcessCorpusTest extends InProcessHostileTest {
    @Override
    List<String> due(List<String> section) {
        return section;
    }
}
