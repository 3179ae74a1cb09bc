package dev.weft.cli.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ReadResult;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every sort of wrong read is found out. */
final class TrackedChunkTest {
    private static final long ID = 77;

    private final Blocks blocks = new Blocks(5);
    private final TrackedChunk chunk = new TrackedChunk(1, new ChunkId(ID, 0), blocks);

    private void write(int from, int count, long generation, boolean acknowledged) {
        chunk.timeline.begin(chunk.timeline.latest().written(from, count, generation));
        if (acknowledged) {
            chunk.timeline.acknowledged();
        }
    }

    private static ReadResult found(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        byte[] bytes = all.toByteArray();
        return new ReadResult.Found(1, bytes.length, bytes.length, 0, MemorySegment.ofArray(bytes));
    }

    private byte[] block(int number, long generation) {
        return blocks.of(ID, number, Blocks.BYTES, generation);
    }

    private void judge(ReadResult result) throws WrongBytesException {
        try (var read = chunk.timeline.read()) {
            chunk.judge(read, 0, TrackedChunk.BLOCKS, result);
        }
    }

    private void wrong(ReadResult result, String why) {
        WrongBytesException wrong = assertThrows(WrongBytesException.class, () -> judge(result));
        assertTrue(String.valueOf(wrong.getMessage()).contains(why), wrong.getMessage());
    }

    @Test
    void whatWasWrittenIsRight() throws Exception {
        judge(new ReadResult.NotFound());
        write(0, 2, 1, true);
        write(1, 2, 2, true);
        judge(found(block(0, 1), block(1, 2), block(2, 2)));
    }

    @Test
    void holesAreZeros() throws Exception {
        write(1, 1, 1, true);
        judge(found(new byte[Blocks.BYTES], block(1, 1)));
    }

    @Test
    void anOldVersionIsWrong() {
        write(0, 1, 1, true);
        write(0, 1, 2, true);
        wrong(found(block(0, 1)), "saw generations [1]");
    }

    @Test
    void halfOfAChangeIsWrong() throws Exception {
        write(0, 2, 1, true);
        write(0, 2, 2, false);
        judge(found(block(0, 1), block(1, 1)));
        judge(found(block(0, 2), block(1, 2)));
        wrong(found(block(0, 2), block(1, 1)), "saw generations [2, 1]");
    }

    @Test
    void aStepBackIsWrong() throws Exception {
        write(0, 1, 1, true);
        write(0, 1, 2, false);
        judge(found(block(0, 2)));
        wrong(found(block(0, 1)), "saw generations [1]");
    }

    @Test
    void aLostChunkIsWrong() {
        write(0, 1, 1, true);
        wrong(new ReadResult.NotFound(), "saw no chunk");
        wrong(found(), "saw generations []");
    }

    @Test
    void bytesOfAnotherPlaceAreWrong() {
        write(0, 2, 1, true);
        wrong(found(block(1, 1), block(0, 1)), "says that it is block 1");
        wrong(found(block(0, 1), new Blocks(6).of(ID, 1, Blocks.BYTES, 1)), "lacks the mark of this run");
    }

    @Test
    void aFlippedBitIsWrong() {
        write(0, 1, 1, true);
        byte[] bytes = block(0, 1);
        bytes[1000] ^= 4;
        wrong(found(bytes), "byte 1000 of block 0");
    }

    @Test
    void aTornBlockIsWrong() {
        write(0, 1, 1, true);
        byte[] bytes = block(0, 1);
        Arrays.fill(bytes, 2048, Blocks.BYTES, (byte) 0);
        wrong(found(bytes), "is torn");
    }

    @Test
    void aFileMayShowBothSidesOfAChangeOnlyWhileItIsMade() throws Exception {
        TrackedFile file = new TrackedFile("/f", 9, blocks);
        TrackedFile.Seen mixed =
                new TrackedFile.Seen(8192, List.of(new Blocks.Block(1, false), new Blocks.Block(2, false)));
        file.timeline.begin(new TrackedFile.State(8192, 1));
        file.timeline.acknowledged();
        file.timeline.begin(new TrackedFile.State(8192, 2));
        try (var read = file.timeline.read()) {
            file.judge(read, mixed);
            WrongBytesException wrong =
                    assertThrows(WrongBytesException.class, () -> file.judge(read, TrackedFile.Seen.ABSENT));
            assertEquals(true, String.valueOf(wrong.getMessage()).startsWith("file /f: saw -1 bytes"));
        }
        file.timeline.acknowledged();
        try (var read = file.timeline.read()) {
            assertThrows(WrongBytesException.class, () -> file.judge(read, mixed));
        }
    }
}
