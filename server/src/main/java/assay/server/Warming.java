package assay.server;

import assay.scripting.Sandbox;
import assay.tools.Tools;

/// Starts the script engine in the background, so that the first script does not pay for it: after
/// the first answer, once nothing has been asked for a moment.
final class Warming {
    private static final long MOMENT_MILLIS = 300;

    private Warming() {}

    static Thread start(Tools tools, Sandbox sandbox) {
        return Thread.ofPlatform()
                .daemon()
                .name("assay-warming")
                .start(() -> {
                    try {
                        long before = 0;
                        for (long now = tools.answered();
                                now == 0 || now != before;
                                now = tools.answered()) {
                            before = now;
                            Thread.sleep(MOMENT_MILLIS);
                        }
                        sandbox.warm();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
