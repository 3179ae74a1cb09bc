package dev.weft.cli.trace;

import dev.weft.rpc.recorder.RecordedCall;
import dev.weft.rpc.recorder.RecordingReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All records in some folders and below them. */
final class Records implements AutoCloseable {
    /** A cluster on one machine has folders of recorders in the folders of its processes. */
    private static final int DEPTH_MAX = 4;

    private final List<RecordingReader> readers = new ArrayList<>();

    /** @throws NoSuchFileException if there are none */
    Records(List<Path> folders) throws IOException {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new NoSuchFileException(folder.toString());
            }
            TreeSet<Path> found = new TreeSet<>();
            try (Stream<Path> all = Files.walk(folder, DEPTH_MAX)) {
                all.filter(RecordingReader::isFolder).forEach(found::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            if (found.isEmpty()) {
                throw new NoSuchFileException(folder + ": records of calls in it or below");
            }
            found.forEach(path -> readers.add(new RecordingReader(path)));
        }
    }

    /** Hands over all calls that were not read before; those of one folder in order. */
    long read(Consumer<RecordedCall> to) throws IOException {
        long calls = 0;
        for (RecordingReader reader : readers) {
            calls += reader.read(to);
        }
        return calls;
    }

    /** Calls that the recorders lost, as far as was read. */
    long dropped() {
        return readers.stream().mapToLong(RecordingReader::dropped).sum();
    }

    @Override
    public void close() throws IOException {
        for (RecordingReader reader : readers) {
            reader.close();
        }
    }
}
