package assay.scripting;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.LinkedTransferQueue;

/// The program of a process that runs scripts for [ChildProcessSandbox]: the sandbox of one process
/// behind a pipe. It ends when its input does, so it never outlives who started it.
final class SandboxProcess {
    /// The code it ends with when its heap is full; the JVM ends with the same one by itself.
    static final int HEAP_FULL = 3;

    private static final int PIPE_BROKEN = 0;
    private static final int BROKEN = 1;

    private final Pipe pipe;
    private final InProcessSandbox sandbox;
    private final long heapBytes;

    /// What is to be done by whoever waits: the thread of [#serve] or the script that has called
    /// last. There is never more than one of them.
    private final LinkedTransferQueue<Frame> tasks = new LinkedTransferQueue<>();

    private final Thread server = Thread.currentThread();
    private final Host parent = new Parent();
    private int outermost;
    private int cancelled;

    private SandboxProcess(Pipe pipe, InProcessSandbox sandbox, long heapBytes) {
        this.pipe = pipe;
        this.sandbox = sandbox;
        this.heapBytes = heapBytes;
    }

    /// @param arguments bytes that a script may hold, and bytes for all else
    static void main(String[] arguments) {
        // Standard output is the pipe.
        System.setOut(System.err);
        var pipe =
                new Pipe(
                        new FileInputStream(FileDescriptor.in),
                        new FileOutputStream(FileDescriptor.out));
        long heap = Long.parseLong(arguments[0]);
        long base = Long.parseLong(arguments[1]);
        var sandbox =
                new InProcessSandbox(
                        () -> HeapGuard.owned(heap, base), Limits.DEFAULT.withoutCounting());
        var process = new SandboxProcess(pipe, sandbox, heap);
        Thread.ofPlatform().name("script-pipe").start(process::receive);
        process.serve();
    }

    private void serve() {
        try {
            sandbox.warm();
            pipe.write(new Frame.Ready());
            while (true) {
                if (tasks.take() instanceof Frame.Run run) {
                    enter(run.number());
                    perform(run);
                    leave();
                }
            }
        } catch (OutOfMemoryError full) {
            Runtime.getRuntime().halt(HEAP_FULL);
        } catch (IOException gone) {
            Runtime.getRuntime().halt(PIPE_BROKEN);
        } catch (InterruptedException | RuntimeException | Error broken) {
            fail(broken);
        }
    }

    private void perform(Frame.Run run) throws IOException {
        var outcome = sandbox.run(run.script(), parent);
        pipe.write(new Frame.Ended(run.number(), outcome, isFull(outcome) || sandbox.stuck() > 0));
    }

    /// What an all but full heap has done to the engine, nobody can tell.
    private boolean isFull(Outcome outcome) {
        return outcome instanceof Outcome.OverLimit(_, var detail, _)
                && detail.equals(HeapGuard.held(heapBytes));
    }

    /// The host as scripts here see it.
    private final class Parent implements Host {
        @Override
        public Answer call(String function, String arguments) {
            return SandboxProcess.this.call(function, arguments);
        }

        @Override
        public void logged(String line) {
            try {
                pipe.write(new Frame.Logged(line));
            } catch (IOException gone) {
                throw new IllegalStateException(gone);
            }
        }
    }

    /// Asks the true host. Runs the scripts that the true one asks for before it answers: on this
    /// thread, so that they end with the script that waits.
    private Host.Answer call(String function, String arguments) {
        try {
            pipe.write(new Frame.Call(function, arguments));
            while (true) {
                switch (tasks.take()) {
                    case Frame.Answer(var given) -> {
                        return given;
                    }
                    case Frame.Run run -> perform(run);
                    default -> throw new IOException("not the answer to a call");
                }
            }
        } catch (IOException | InterruptedException gone) {
            throw new IllegalStateException(gone);
        }
    }

    private void receive() {
        try {
            while (true) {
                var frame = pipe.read();
                if (frame instanceof Frame.Cancel(int number)) {
                    cancel(number);
                } else {
                    tasks.put(frame);
                }
            }
        } catch (IOException ended) {
            Runtime.getRuntime().halt(PIPE_BROKEN);
        } catch (OutOfMemoryError full) {
            Runtime.getRuntime().halt(HEAP_FULL);
        } catch (RuntimeException | Error broken) {
            fail(broken);
        }
    }

    private synchronized void enter(int number) {
        outermost = number;
        cancel(cancelled);
    }

    private synchronized void leave() {
        outermost = 0;
        // A cancellation that came too late.
        Thread.interrupted();
    }

    /// A cancellation may overtake the script it is meant for.
    private synchronized void cancel(int number) {
        cancelled = number;
        if (number != 0 && number == outermost) {
            server.interrupt();
        }
    }

    private static void fail(Throwable broken) {
        broken.printStackTrace(System.err);
        Runtime.getRuntime().halt(BROKEN);
    }
}
