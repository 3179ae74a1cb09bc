package dev.weft.storage.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.UUID;

/** Writes until it is killed, and prints {@code chunk version .} for each write that is acknowledged. */
final class CrashWriter {
    private static final int WRITERS = 8;

    private CrashWriter() {}

    public static void main(String[] arguments) throws Exception {
        ChunkEngine engine = new FileChunkEngine(
                FileDisk.open(Path.of(arguments[0])), Thread.ofPlatform().factory());
        Thread[] writers = new Thread[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            int chunk = i;
            writers[i] = Thread.startVirtualThread(() -> writeForever(engine, chunk));
        }
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static void writeForever(ChunkEngine engine, int chunk) {
        long version = engine.find(key(chunk)).map(ChunkInfo::committedNumber).orElse(0L);
        try {
            while (true) {
                version++;
                MemorySegment image = MemorySegment.ofArray(content(chunk, version));
                WriteId writer = new WriteId(new UUID(0, chunk), 0, version);
                engine.apply(key(chunk), version, new Change.Replace(image, Checksum.of(image)), writer);
                engine.commit(key(chunk), version);
                System.out.println(chunk + " " + version + " .");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static ChunkKey key(int chunk) {
        return new ChunkKey(1, 42, chunk);
    }

    /** Lengths differ, so that versions move between size classes. */
    static byte[] content(int chunk, long version) {
        return EngineCrashTest.pattern((int) (1 + (version * 7919 + chunk * 104_729L) % 200_000), (int) version);
    }
}
