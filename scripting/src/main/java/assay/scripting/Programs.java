package assay.scripting;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Programs that were run lately, by the text of their script: agents send the same text again and
/// again, with other parameters.
final class Programs {
    private static final int KEPT = 128;
    private static final int LONGEST_KEPT = 4_000;

    private final Map<String, Program> byText = Collections.synchronizedMap(new Latest());

    Program of(String text, Parsers parsers) throws UnreadableScript {
        var known = byText.get(text);
        var program = known == null ? Program.of(text, parsers) : known.kept();
        if (!program.equals(known) && text.length() <= LONGEST_KEPT) {
            byText.put(text, program);
        }
        return program;
    }

    private static final class Latest extends LinkedHashMap<String, Program> {
        private static final long serialVersionUID = 1;

        Latest() {
            super(KEPT, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Program> eldest) {
            return size() > KEPT;
        }
    }
}
