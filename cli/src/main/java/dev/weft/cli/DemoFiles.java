package dev.weft.cli;

import dev.weft.client.CreateOptions;
import dev.weft.client.FileReader;
import dev.weft.client.FileWriter;
import dev.weft.client.ReplicaChoice;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** Writes seeded files into a cluster and compares what comes back with what the seed says. */
final class DemoFiles {
    private static final int FILES_AT_A_TIME = 4;
    private static final int SMALL = 64 << 10;

    private final WeftFileSystem fs;
    private final Environment environment;
    private final Timings timings;

    DemoFiles(WeftFileSystem fs, Environment environment, Timings timings) {
        this.fs = fs;
        this.environment = environment;
        this.timings = timings;
    }

    /** Writes all files; returns how long that took, in nanoseconds. */
    long write(List<SeededTree.Item> items) throws IOException, InterruptedException {
        for (String folder :
                items.stream().map(SeededTree.Item::folder).distinct().toList()) {
            fs.mkdir(folder, true);
        }
        return each(items, item -> write(item, new AtomicLong()));
    }

    /** Writes one file; {@code written} says how far it is meanwhile. */
    void write(SeededTree.Item item, AtomicLong written) throws IOException {
        long start = environment.clock().nanoTime();
        SeededBytes bytes = item.bytes();
        try (FileWriter writer = fs.create(item.path(), CreateOptions.defaults())) {
            int count = writer.write(bytes::read);
            while (count >= 0) {
                written.addAndGet(count);
                count = writer.write(bytes::read);
            }
        }
        if (item.length() <= SMALL) {
            timings.row("put file of up to 64 KiB").add(environment.clock().nanoTime() - start, item.length());
        }
    }

    /** Reads all files and compares them; returns how long that took, in nanoseconds. */
    long verify(List<SeededTree.Item> items, ReplicaChoice choice) throws IOException, InterruptedException {
        Map<String, Integer> expected = new HashMap<>();
        // Before the clock runs: making the bytes again is no part of reading them.
        for (SeededTree.Item item : items) {
            expected.put(item.path(), checksums.computeIfAbsent(item.seed(), _ -> checksum(item.bytes())));
        }
        return each(items, item -> verify(item, choice, expected.getOrDefault(item.path(), 0)));
    }

    private final Map<Long, Integer> checksums = new HashMap<>();

    private void verify(SeededTree.Item item, ReplicaChoice choice, int expected) throws IOException {
        long start = environment.clock().nanoTime();
        FileReader reader = fs.open(item.path(), choice);
        CRC32C crc = new CRC32C();
        reader.transferTo((_, bytes) -> crc.update(bytes.asByteBuffer()));
        if (reader.length() != item.length() || (int) crc.getValue() != expected) {
            throw new IOException(item.path() + " is not what was written: " + reader.length() + " bytes with checksum "
                    + Integer.toHexString((int) crc.getValue()) + ", written were " + item.length() + " with "
                    + Integer.toHexString(expected));
        }
        if (item.length() <= SMALL) {
            timings.row("get file of up to 64 KiB").add(environment.clock().nanoTime() - start, item.length());
        }
    }

    private static int checksum(SeededBytes bytes) {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        while (bytes.read(buffer) >= 0) {
            crc.update(buffer.flip());
            buffer.clear();
        }
        return (int) crc.getValue();
    }

    private long each(List<SeededTree.Item> items, Parallel.Work<SeededTree.Item> work)
            throws IOException, InterruptedException {
        long start = environment.clock().nanoTime();
        // Large ones first, so that none of them is alone at the end.
        List<SeededTree.Item> ordered = new ArrayList<>(items);
        ordered.sort((a, b) -> Long.compare(b.length(), a.length()));
        Parallel.each(environment, FILES_AT_A_TIME, ordered, work);
        return environment.clock().nanoTime() - start;
    }
}
