package dev.weft.cli.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A shell that outlives everything: when this process ends, however it ends, it kills the servers that are left, frozen
 * ones too. Where the system allows it, it also holds small file systems in memory, which only the servers see.
 */
final class Keeper implements AutoCloseable {
    /** Takes lines "+ pid" and "- pid" until there are no more, as nobody is left who could write them. */
    private static final String SCRIPT = """
            for dir in "$@"; do
              mkdir -p "$dir" && mount -t tmpfs -o "size=$SIZE,mode=0700" weft "$dir" || exit 1
            done
            echo ready
            pids=' '
            while read -r what pid; do
              case "$what" in
                +) pids="$pids$pid " ;;
                -) case "$pids" in *" $pid "*) pids="${pids%%" $pid "*} ${pids#*" $pid "}" ;; esac ;;
              esac
            done
            [ "$pids" = ' ' ] || kill -KILL $pids
            """;

    private static final List<String> NAMESPACE =
            List.of("unshare", "--user", "--map-root-user", "--mount", "--propagation", "private", "--");

    private final Process shell;
    private final boolean holdsDisks;
    private final Writer orders;
    private final ReentrantLock lock = new ReentrantLock();

    private Keeper(Process shell, boolean holdsDisks) {
        this.shell = shell;
        this.holdsDisks = holdsDisks;
        this.orders = shell.outputWriter(StandardCharsets.UTF_8);
    }

    /** One that holds a file system at each of the folders, if that can be; otherwise one that holds none. */
    static Keeper start(List<Path> folders, long bytesEach) throws IOException {
        List<String> command = new ArrayList<>(NAMESPACE);
        command.addAll(List.of("sh", "-c", SCRIPT, "keeper"));
        folders.forEach(folder -> command.add(folder.toString()));
        Process shell;
        try {
            shell = launch(command, bytesEach);
            if (isReady(shell)) {
                return new Keeper(shell, true);
            }
            shell.destroyForcibly();
        } catch (IOException e) {
            System.getLogger(Keeper.class.getName())
                    .log(System.Logger.Level.DEBUG, "no file systems in a name space of our own", e);
        }
        shell = launch(List.of("sh", "-c", SCRIPT, "keeper"), bytesEach);
        if (!isReady(shell)) {
            shell.destroyForcibly();
            throw new IOException("cannot start a shell");
        }
        return new Keeper(shell, false);
    }

    private static Process launch(List<String> command, long bytesEach) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("SIZE", Long.toString(bytesEach));
        return builder.start();
    }

    @SuppressWarnings("resource") // nothing more comes, and the stream ends with the process
    private static boolean isReady(Process shell) throws IOException {
        BufferedReader answers = shell.inputReader(StandardCharsets.UTF_8);
        return "ready".equals(answers.readLine());
    }

    /** Whether each folder is a file system of its own. */
    boolean holdsDisks() {
        return holdsDisks;
    }

    /** The command as it has to be started to see the file systems. */
    List<String> inside(List<String> command) {
        if (!holdsDisks) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of(
                "nsenter",
                "--user",
                "--mount",
                "--preserve-credentials",
                "--target",
                Long.toString(shell.pid()),
                "--"));
        wrapped.addAll(command);
        return wrapped;
    }

    /** A path as this process, which does not see the file systems, reaches it. */
    Path outside(Path path) {
        return holdsDisks ? Path.of("/proc", Long.toString(shell.pid()), "root" + path) : path;
    }

    /** From now on the process ends with this one. */
    void adopt(Process process) {
        tell("+ " + process.pid());
    }

    /** The process has ended; another one may get its number. */
    void forget(Process process) {
        tell("- " + process.pid());
    }

    private void tell(String line) {
        lock.lock();
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the keeper of the processes has ended", e);
        } finally {
            lock.unlock();
        }
    }

    /** Ends it, and whatever it still has to look after. */
    @Override
    public void close() {
        lock.lock();
        try {
            orders.close();
        } catch (IOException e) {
            // It has ended already.
            System.getLogger(Keeper.class.getName()).log(System.Logger.Level.DEBUG, "the keeper had ended", e);
        } finally {
            lock.unlock();
        }
        try {
            shell.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
