package assay.server;

import assay.scripting.Sandbox;
import assay.tools.Tools;

/// Starts the script engine in the background, so that the first script does not pay for it: after
/// the first answer, once nothing has been asked for a moment.
record Warming(Thread thread) implements AutoCloseable {
    private static final long MOMENT_MILLIS = 300;

    static Warming start(Tools tools, Sandbox sandbox) {
        return new Warming(
                Thread.ofPlatform()
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
                        }));
    }

    /// Stops to wait. What has been started is finished.
    @Override
    public void close() {
        thread.interrupt();
    }
}
