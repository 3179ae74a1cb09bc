package dev.weft.bench.serde;

import dev.weft.serde.Serde;
import java.util.List;

/** The message that is compared: 20 fields, with a list of records. */
@Serde
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FileEntry(
        long id,
        int version,
        boolean active,
        String name,
        String path,
        long createdMillis,
        long modifiedMillis,
        double ratio,
        float score,
        int owner,
        int group,
        int permissions,
        long length,
        byte[] digest,
        State state,
        String contentType,
        int chunkSize,
        long generation,
        List<String> labels,
        List<Chunk> chunks) {
    @Serde
    public enum State {
        OPEN,
        SEALED,
        REMOVED
    }

    @Serde
    public record Chunk(long chain, int index, int length, int checksum, String host) {}

    /** The one value that all sides encode. */
    public static FileEntry sample() {
        byte[] digest = new byte[32];
        for (int i = 0; i < digest.length; i++) {
            digest[i] = (byte) (i * 37);
        }
        List<Chunk> chunks = java.util.stream.IntStream.range(0, 8)
                .mapToObj(i -> new Chunk(1000 + i, i, 1 << 20, 0x9E3779B9 * (i + 1), "storage-" + i + ".example.net"))
                .toList();
        return new FileEntry(
                0x1234_5678_9ABCL,
                17,
                true,
                "measurements.csv",
                "/projects/weather/stations/2025/measurements.csv",
                1_760_000_000_123L,
                1_760_000_123_456L,
                0.8125,
                0.5f,
                1000,
                1000,
                0644,
                8L << 20,
                digest,
                State.SEALED,
                "text/csv",
                1 << 20,
                42,
                List.of("archive", "reviewed", "station-17", "public"),
                chunks);
    }
}
