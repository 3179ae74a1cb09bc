package dev.weft.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.weft.api.storage.ChainRef;
import dev.weft.api.storage.ChunkId;
import dev.weft.api.storage.ReadPiece;
import dev.weft.api.storage.ReadRequest;
import dev.weft.api.storage.ReadResult;
import dev.weft.api.storage.StorageFault.Kind;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BatchReadTest extends ChainTest {
    @Test
    void eachPieceOfABatchSucceedsOrFailsByItself() throws Exception {
        cluster.write(new ChunkId(1, 0), 0, "first chunk");
        cluster.write(new ChunkId(1, 1), 0, "second".repeat(10_000));
        ChainRef old = new ChainRef(FakeManager.CHAIN, cluster.chain().version() - 1);
        List<ReadResult> results = read(
                piece(cluster.chain(), 0, 0, 5),
                piece(old, 0, 0, 5),
                piece(cluster.chain(), 7, 0, 5),
                piece(cluster.chain(), 1, 6, 6),
                piece(cluster.chain(), 1, -1, 6),
                piece(cluster.chain(), 0, 6, 100),
                piece(cluster.chain(), 0, 11, 100));
        assertEquals("first", text(results.get(0)));
        assertEquals(Kind.WRONG_CHAIN_VERSION, kind(results.get(1)));
        assertInstanceOf(ReadResult.NotFound.class, results.get(2));
        assertEquals("second", text(results.get(3)));
        assertEquals(Kind.INVALID, kind(results.get(4)));
        assertEquals("chunk", text(results.get(5)));
        assertEquals("", text(results.get(6)));
    }

    @Test
    void damagedPiecesAreRepairedAndTheSameOnesAnsweredAlike() throws Exception {
        String first = "0123456789".repeat(1000);
        cluster.write(new ChunkId(1, 0), 0, first);
        cluster.write(new ChunkId(1, 1), 0, "unharmed");
        damage(2, first);
        ReadPiece whole = piece(cluster.chain(), 0, 0, 10_000);
        List<ReadResult> results = read(whole, piece(cluster.chain(), 1, 0, 8), whole);
        assertEquals(first, text(results.get(0)));
        assertEquals("unharmed", text(results.get(1)));
        assertEquals(first, text(results.get(2)));
    }

    @Test
    void moreThanAReplyHoldsIsRefused() {
        List<ReadPiece> pieces = new ArrayList<>();
        for (int i = 0; i < 1030; i++) {
            pieces.add(piece(cluster.chain(), 7, 0, i == 3 ? 64 << 20 : 1));
        }
        List<ReadResult> results =
                cluster.service(2).read(new ReadRequest(pieces)).results();
        assertInstanceOf(ReadResult.NotFound.class, results.get(2));
        assertEquals(Kind.INVALID, kind(results.get(3)));
        assertEquals(Kind.INVALID, kind(results.get(1029)));
    }

    private ReadPiece piece(ChainRef chain, int index, int offset, int length) {
        return new ReadPiece(chain, 2, new ChunkId(1, index), offset, length, Optional.empty());
    }

    private List<ReadResult> read(ReadPiece... pieces) {
        return cluster.service(2).read(new ReadRequest(List.of(pieces))).results();
    }

    private static String text(ReadResult result) {
        ReadResult.Found found = assertInstanceOf(ReadResult.Found.class, result, result::toString);
        return new String(found.bytes().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static Kind kind(ReadResult result) {
        return assertInstanceOf(ReadResult.Failed.class, result).fault().kind();
    }

    /** Changes a byte of what a node has on its disk. */
    private void damage(int node, String text) throws IOException {
        Path file = folder.resolve("node" + node).resolve("extents-64k");
        String all = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = all.indexOf(text);
        assertNotEquals(-1, at);
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(new byte[] {'X'}), at + 5000);
        }
    }
}
