package dev.weft.bench.storage;

import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.storage.ChunkId;
import dev.weft.bench.fs.BenchCluster;
import dev.weft.client.ChunkClient;
import dev.weft.client.CreateOptions;
import dev.weft.client.FileReader;
import dev.weft.client.FileWriter;
import dev.weft.client.WeftFileSystem;
import dev.weft.rpc.Buffer;
import dev.weft.rpc.BufferPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** What a cluster is asked to do while it is measured. */
final class ClusterLoad {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int WRITE_BYTES = 4096;
    private static final String FILE = "/random-reads";

    /** Chunks of no file. */
    private static final long INODE = Long.MAX_VALUE / 2;

    private final WeftFileSystem files;
    private final ChunkClient chunks;
    private final int chain;

    ClusterLoad(BenchCluster cluster) {
        this.files = cluster.files();
        this.chunks = cluster.chunks();
        this.chain = cluster.anyChain();
    }

    /** Writes what {@link #randomReads} reads. */
    void fill(int mebibytes) throws IOException {
        write(FILE, mebibytes);
    }

    private void write(String path, int mebibytes) throws IOException {
        byte[] bytes = new byte[CHUNK_BYTES];
        Random random = new Random(1);
        random.nextBytes(bytes);
        try (FileWriter writer = files.create(path, CreateOptions.defaults())) {
            for (int i = 0; i < mebibytes; i++) {
                writer.write(ByteBuffer.wrap(bytes));
            }
        }
    }

    /** As many virtual threads as are asked for, each with one read at a time; reads/s. */
    double randomReads(int bytes, int depth, double seconds) throws IOException, InterruptedException {
        AtomicLong done = new AtomicLong();
        FileReader reader = files.open(FILE);
        int places = Math.toIntExact(reader.length() / bytes);
        long begun = System.nanoTime();
        long end = begun + (long) (seconds * 1e9);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            SplittableRandom random = new SplittableRandom(begun + i);
            threads.add(Thread.startVirtualThread(() -> {
                long count = 0;
                try (Buffer memory = BufferPool.shared().acquire(bytes)) {
                    while (System.nanoTime() < end) {
                        read(reader, (long) random.nextInt(places) * bytes, memory);
                        count++;
                    }
                }
                done.addAndGet(count);
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return done.get() / ((System.nanoTime() - begun) / 1e9);
    }

    private static void read(FileReader reader, long offset, Buffer into) {
        try {
            if (reader.read(offset, into) != into.segment().byteSize()) {
                throw new IOException(
                        "the file ends before " + (offset + into.segment().byteSize()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One file from front to back; MB/s until it is closed. */
    double sequentialWrite(int mebibytes) throws IOException {
        long begun = System.nanoTime();
        write("/sequential", mebibytes);
        double seconds = (System.nanoTime() - begun) / 1e9;
        files.remove("/sequential", RemoveRequest.Kind.UNLINK);
        return mebibytes * (double) CHUNK_BYTES / 1e6 / seconds;
    }

    /** One writer of 4 KiB at a time; median in µs. Appends until a chunk is full, or overwrites. */
    double syncedWrites(double seconds, boolean append, int round) throws IOException, InterruptedException {
        byte[] bytes = new byte[WRITE_BYTES];
        long[] nanos = new long[1 << 20];
        int count = 0;
        long inode = INODE + 2L * round + (append ? 0 : 1);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (int index = 0; System.nanoTime() < end; index++) {
            ChunkId chunk = new ChunkId(inode, append ? index : 0);
            for (int i = 0; i < CHUNK_BYTES / WRITE_BYTES && System.nanoTime() < end && count < nanos.length; i++) {
                Arrays.fill(bytes, (byte) count);
                long begun = System.nanoTime();
                chunks.write(chain, chunk, CHUNK_BYTES, append ? i * WRITE_BYTES : i % 16 * WRITE_BYTES, bytes);
                nanos[count++] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(nanos, 0, count);
        return nanos[count / 2] / 1e3;
    }
}
