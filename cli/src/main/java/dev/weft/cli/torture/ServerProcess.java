package dev.weft.cli.torture;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.weft.cli.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One server, as a process that can be killed, frozen, stopped and started again. Thread-safe. */
final class ServerProcess {
    /** How long it has to write down what it must, before it is killed. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final int nodeId;
    private final Path data;
    private final Path log;
    private final List<String> options;
    private final Keeper keeper;
    private final ReentrantLock lock = new ReentrantLock();

    /** Null while it does not run on purpose. */
    @GuardedBy("lock")
    private @Nullable Process process;

    @GuardedBy("lock")
    private boolean forbidden;

    /** @param options of {@code weft server} but for its folder */
    ServerProcess(String name, int nodeId, Path folder, List<String> options, Keeper keeper) {
        this.name = name;
        this.nodeId = nodeId;
        this.data = folder.resolve(name);
        this.log = folder.resolve("logs").resolve(name + ".log");
        this.options = List.copyOf(options);
        this.keeper = keeper;
    }

    String name() {
        return name;
    }

    /** Its id in the cluster; zero if it has none. */
    int nodeId() {
        return nodeId;
    }

    Path data() {
        return data;
    }

    Path log() {
        return log;
    }

    void start() throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "server",
                "--data",
                data.toString(),
                "--parent",
                Long.toString(ProcessHandle.current().pid())));
        arguments.addAll(options);
        lock.lock();
        try {
            if (forbidden) {
                throw new IOException(name + " is not to be started any more");
            }
            Files.createDirectories(log.getParent());
            Files.createDirectories(data);
            process = launch(arguments, ProcessBuilder.Redirect.appendTo(log.toFile()));
        } finally {
            lock.unlock();
        }
    }

    private Process launch(List<String> arguments, ProcessBuilder.Redirect output) throws IOException {
        List<String> command = ChildJvm.command();
        command.addAll(arguments);
        Process started = new ProcessBuilder(keeper.inside(command))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        keeper.adopt(started);
        return started;
    }

    /** Runs another command of this program, on the data of this server, and returns how it ended. */
    int run(List<String> arguments, Path output) throws IOException, InterruptedException {
        Process other = launch(arguments, ProcessBuilder.Redirect.to(output.toFile()));
        try {
            return other.waitFor();
        } finally {
            end(other);
        }
    }

    /** The code that it ended with by itself; null if it runs, or was ended. */
    @Nullable
    Integer unexpectedExit() {
        lock.lock();
        try {
            Process now = process;
            return now == null || now.isAlive() ? null : (Integer) now.exitValue();
        } finally {
            lock.unlock();
        }
    }

    /** Ends it as a crash does. */
    void kill() throws InterruptedException {
        Process now = take();
        if (now != null) {
            end(now);
        }
    }

    private void end(Process some) throws InterruptedException {
        some.destroyForcibly().waitFor();
        keeper.forget(some);
    }

    /** Ends it by asking; false if that took too long, and it was killed. */
    boolean stop() throws InterruptedException {
        Process now = take();
        if (now == null) {
            return true;
        }
        now.destroy();
        boolean ended = now.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        end(now);
        return ended;
    }

    private @Nullable Process take() {
        lock.lock();
        try {
            Process now = process;
            process = null;
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** Freezes it. */
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on after {@link #freeze}. */
    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        lock.lock();
        try {
            Process now = process;
            if (now == null || !now.isAlive()) {
                throw new IOException(name + " does not run");
            }
            new ProcessBuilder("kill", signal, Long.toString(now.pid())).start().waitFor();
        } finally {
            lock.unlock();
        }
    }

    /** Kills it for good. */
    void end() {
        lock.lock();
        try {
            forbidden = true;
            if (process != null) {
                process.destroyForcibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
