package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.weft.api.storage.ChunkId;
import dev.weft.rpc.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScrubberTest extends ChainTest {
    private static final String TEXT = "0123456789".repeat(1000);

    @Test
    void aFlippedBitOfAChunkThatNobodyReadsIsFoundAndRepaired() throws Exception {
        for (int index = 0; index < 250; index++) {
            cluster.write(new ChunkId(100, index), 0, index == 177 ? TEXT : "unharmed");
        }
        damage(2);
        cluster.server(2).scrubber().round();
        assertEquals(1, cluster.server(2).counters().get("storage.scrub-found"));
        assertEquals(1, cluster.server(2).counters().get("storage.scrub-repaired"));
        assertEquals(249 * 8, cluster.server(2).counters().get("storage.scrubbed-bytes"));
        cluster.server(2).scrubber().round();
        assertEquals(1, cluster.server(2).counters().get("storage.scrub-found"));
        assertEquals(2, cluster.server(2).counters().get("storage.target-scrubbed"));
        assertEquals(TEXT, cluster.read(2, new ChunkId(100, 177)));
    }

    @Test
    void goesOnWhereTheLastProcessWas() throws Exception {
        for (int index = 0; index < 150; index++) {
            cluster.write(new ChunkId(100, index), 0, "12345678");
        }
        cluster.server(2).scrubber().setRate(900 * 8);
        Thread scrubbing = Thread.startVirtualThread(() -> {
            try {
                cluster.server(2).scrubber().round();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        while (scrubbed() < 110 * 8) {
            Environment.system().clock().sleep(Duration.ofMillis(1));
        }
        scrubbing.interrupt();
        scrubbing.join();
        cluster.stop(2);
        cluster.start(2);
        cluster.rejoin(2);
        cluster.server(2).scrubber().round();
        assertEquals(50 * 8, cluster.server(2).counters().get("storage.scrubbed-bytes"), "a page is 100 chunks");
        assertEquals(1, cluster.server(2).counters().get("storage.target-scrubbed"));
    }

    @Test
    void aRateOfZeroStopsIt() throws Exception {
        cluster.write(new ChunkId(100, 0), 0, TEXT);
        cluster.server(1).scrubber().setRate(0);
        cluster.server(1).scrubber().round();
        assertEquals(0, cluster.server(1).counters().get("storage.scrubbed-bytes"));
    }

    private long scrubbed() {
        return cluster.server(2).counters().getOrDefault("storage.scrubbed-bytes", 0L);
    }

    /** Changes a byte of what a node has on its disk. */
    private void damage(int node) throws IOException {
        Path file = folder.resolve("node" + node).resolve("extents-64k");
        int at = Files.readString(file, StandardCharsets.ISO_8859_1).indexOf(TEXT);
        assertNotEquals(-1, at);
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(new byte[] {'X'}), at + 5000);
        }
    }
}
