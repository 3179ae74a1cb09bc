package dev.weft.rpc.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a recorder wrote, also while it writes. The files may come from anywhere: what is wrong in them is an
 * {@link IOException} that says so.
 *
 * <p>It reads the queue's files by itself: they are a row of excerpts, and the queue's own reader maps them into memory and believes
 * what is in them. For one thread.
 */
public final class RecordingReader implements AutoCloseable {
    private final Path folder;
    private final Map<Long, Long> droppedBySession = new HashMap<>();
    private @Nullable QueueFileReader current;

    /**
     * Reads from the oldest call on.
     *
     * @param folder of a recorder
     */
    public RecordingReader(Path folder) {
        this.folder = folder;
    }

    /** Whether a recorder has written to a folder. */
    public static boolean isFolder(Path path) {
        return Files.exists(path.resolve("metadata.cq4t"));
    }

    /**
     * Hands over the calls that were written since the last time, or all at the first.
     *
     * @return how many
     * @throws IOException if a file cannot be read or is broken; calls before the fault have been handed over
     */
    public long read(Consumer<RecordedCall> to) throws IOException {
        long[] calls = {0};
        Consumer<RecordedCall> counting = call -> {
            calls[0]++;
            to.accept(call);
        };
        while (true) {
            // Listed before the rest of the current file is read: when there is a next one, nothing more comes to this.
            Path next = next();
            if (current != null) {
                current.read(droppedBySession, counting);
            }
            if (next == null) {
                return calls[0];
            }
            open(next);
        }
    }

    /** The file after the current one; null if there is none. */
    private @Nullable Path next() throws IOException {
        List<Path> files = QueueFiles.files(folder);
        QueueFileReader reading = current;
        for (Path file : files) {
            if (reading == null || file.compareTo(reading.file()) > 0) {
                return file;
            }
        }
        return null;
    }

    private void open(Path file) throws IOException {
        close();
        try {
            current = new QueueFileReader(file);
        } catch (NoSuchFileException e) {
            // The recorder has just removed it; the next one is there.
            current = null;
        }
    }

    /** How many calls were lost for lack of time or space, as far as was read. */
    public long dropped() {
        return droppedBySession.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() throws IOException {
        QueueFileReader reading = current;
        if (reading != null) {
            reading.close();
        }
    }
}
