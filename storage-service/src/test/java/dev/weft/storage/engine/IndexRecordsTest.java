package dev.weft.storage.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.storage.engine.ChunkState.Stored;
import java.io.IOException;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes on the disk, so that no change of them goes unnoticed. */
final class IndexRecordsTest {
    private static final WriteId WRITER = new WriteId(new UUID(0x1111, 0x2222), 3, 4);
    private static final Extents EXTENTS = new Extents(new NoDisk(), EngineOptions.defaults());

    @Test
    void chunkKey() {
        assertEquals(
                "43" // 'C'
                        + "0000000000000007" // target
                        + "00000000000000ff" // inode
                        + "00000002", // index
                hex(IndexRecords.chunkKey(new ChunkKey(7, 255, 2))));
    }

    @Test
    void chunkValue() {
        Stored committed = new Stored(
                new ChunkVersion(5, 70_000, 0xCAFEBABE, WRITER, false), 0x12345678, new Extent(1, 9, EXTENTS));
        Stored pending = new Stored(new ChunkVersion(6, 0, 0, WRITER, true), 0, null);
        String writer = "0000000000001111" + "0000000000002222" // client
                + "00000003" // channel
                + "0000000000000004"; // sequence
        assertEquals(
                "02" // format
                        + "03" // committed and pending
                        + ("0000000000000005" // number
                                + "00011170" // length
                                + "cafebabe" // checksum
                                + "12345678" // of the rest of the last block
                                + "00" // not removed
                                + writer
                                + "01" // size class 128 KiB
                                + "00000009") // slot
                        + ("0000000000000006" + "00000000" + "00000000" + "00000000" + "01" + writer + "ff"
                                + "00000000"),
                hex(IndexRecords.chunkValue(new ChunkState(committed, pending))));
    }

    @Test
    void checksumsOfASpan() throws IOException {
        assertEquals("53" + "01" + "00000009" + "02", hex(IndexRecords.checksumsKey(1, 9, 2)));
        assertEquals("02" + "cafebabe" + "00000001", hex(IndexRecords.checksums(new int[] {0xCAFEBABE, 1})));
    }

    @Test
    void appliedRecord() {
        assertEquals(
                "54" + "0000000000000007" + "0000000000001111" + "0000000000002222" + "00000003",
                hex(IndexRecords.appliedKey(7, WRITER)));
        assertEquals(
                "02" + "0000000000000004" + "0000000000000005" + "00000010" + "cafebabe" + "0000000000000009",
                hex(IndexRecords.appliedValue(new Applied(7, WRITER, 5, 16, 0xCAFEBABE), 9)));
    }

    @Test
    void versionFloors() throws IOException {
        assertEquals("46" + "0000000000000007", hex(IndexRecords.floorKey(7)));
        assertEquals("02" + "000000000000002a", hex(IndexRecords.floor(42)));
        assertEquals(7, IndexRecords.readFloorKey(IndexRecords.floorKey(7)));
        assertEquals(42, IndexRecords.readFloor(IndexRecords.floor(42)));
        assertThrows(IOException.class, () -> IndexRecords.readFloor(new byte[] {2, 1}));
        assertThrows(IOException.class, () -> IndexRecords.readFloorKey(new byte[8]));
    }

    @Test
    void placesOfTheScrubber() throws IOException {
        ChunkKey place = new ChunkKey(7, 0x1234, 5);
        assertEquals("50" + "0000000000000007", hex(IndexRecords.scrubbedKey(7)));
        assertEquals("02" + "0000000000001234" + "00000005", hex(IndexRecords.scrubbed(place)));
        assertEquals(place, IndexRecords.readScrubbed(IndexRecords.scrubbedKey(7), IndexRecords.scrubbed(place)));
        assertThrows(
                IOException.class, () -> IndexRecords.readScrubbed(IndexRecords.scrubbedKey(7), new byte[] {2, 1}));
    }

    @Test
    void anUnknownFormatIsRefused() {
        IOException e =
                assertThrows(IOException.class, () -> IndexRecords.readChunkValue(new byte[] {1, 0}, EXTENTS::occupy));
        assertEquals(
                "index record has format 1, this version reads 2; a disk of an earlier format cannot be used: copy its "
                        + "files out with the release that wrote it",
                e.getMessage());
    }

    @Test
    void aTruncatedRecordIsRefused() {
        assertThrows(IOException.class, () -> IndexRecords.readChunkValue(new byte[] {2, 1, 0}, EXTENTS::occupy));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static final class NoDisk implements Disk {
        @Override
        public DiskFile file(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DiskIndex index() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long capacityBytes() {
            return 0;
        }

        @Override
        public long freeBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
