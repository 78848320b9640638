package assay.scripting;

import java.util.List;
import org.junit.jupiter.api.Tag;

/// The whole corpus in child processes.
@Tag("heavy")
class ChildProcessCorpusTest extends ChildProcessHostileTest {
    @Override
    List<String> due(List<String> section) {
        return section;
    }
}
