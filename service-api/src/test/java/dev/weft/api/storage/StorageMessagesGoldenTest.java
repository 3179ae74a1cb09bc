package dev.weft.api.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.serde.Codec;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes of the storage service's messages, as {@code docs/protocol/storage.md} draws them. */
final class StorageMessagesGoldenTest {
    private static final ChainRef CHAIN = new ChainRef(7, 3);
    private static final ChunkId CHUNK = new ChunkId(0x1234, 5);

    private static final UpdateRequest UPDATE = new UpdateRequest(
            CHAIN,
            CHUNK,
            new WriteTag(new UUID(0x1111, 0x2222), 4, 9),
            new ChunkOperation.Truncate(1 << 20, 100),
            Duration.ofSeconds(2));

    private static final String CHAIN_BYTES = """
            08000000 07000000 03000000          # chain 7, version 3
            """;

    private static final String CHUNK_BYTES = """
            0c000000 3412000000000000 05000000  # chunk 5 of inode 1234
            """;

    private static final String UPDATE_BODY = CHAIN_BYTES + CHUNK_BYTES + """
            1c000000                            # WriteTag
            1111000000000000 2222000000000000   # client
            04000000 0900000000000000           # channel 4, sequence 9
            d72ac122                            # Truncate
            08000000 00001000 64000000          # chunk size, length
            """;

    private static final String UPDATE_BYTES = "58000000" + UPDATE_BODY + """
            0200000000000000 00000000           # first sent 2 s ago
            """;

    @Test
    void change() {
        assertBytes(UPDATE_BYTES, UpdateRequestCodec.CODEC, UPDATE);
    }

    @Test
    void changeForASuccessor() {
        assertBytes(
                """
                76000000 591b000000000000           # target 7001
                """ + UPDATE_BYTES + """
                2a00000000000000 2900000000000000   # version 42 follows 41
                01 00                               # a whole chunk, not ahead
                """,
                ForwardRequestCodec.CODEC,
                new ForwardRequest(7001, UPDATE, 42, 41, true, false));
    }

    @Test
    void wordThatAChangeIsDurable() {
        assertBytes(
                "4c000000" + CHAIN_BYTES + """
                591b000000000000                    # target 7001
                """ + CHUNK_BYTES + """
                1c000000                            # WriteTag
                1111000000000000 2222000000000000   # client
                04000000 0900000000000000           # channel 4, sequence 9
                2a00000000000000                    # version 42
                """,
                ConfirmRequestCodec.CODEC,
                new ConfirmRequest(CHAIN, 7001, CHUNK, UPDATE.tag(), 42));
    }

    @Test
    void severalChanges() {
        assertBytes(
                "5d000000 01" + UPDATE_BYTES, UpdateBatchRequestCodec.CODEC, new UpdateBatchRequest(List.of(UPDATE)));
    }

    @Test
    void whatBecameOfThem() {
        assertBytes(
                """
                36000000 02
                9117d38d 18000000                   # Done
                14000000 2a00000000000000 64000000  # UpdateReply: version 42, length 100
                feca0000 03000000                   # checksum, chain version 3
                d4c37955 0d000000                   # Failed
                09000000 02 00000000                # StorageFault: STALE_SEQUENCE
                03 6f6c64                           # old
                """,
                UpdateBatchReplyCodec.CODEC,
                new UpdateBatchReply(List.of(
                        new UpdateResult.Done(new UpdateReply(42, 100, 0xCAFE, 3)),
                        new UpdateResult.Failed(new StorageFault(StorageFault.Kind.STALE_SEQUENCE, 0, "old")))));
    }

    @Test
    void relaxedRead() {
        ReadPiece piece = new ReadPiece(CHAIN, 7001, CHUNK, 16, 32, Optional.empty());
        assertBytes(
                """
                33000000 01                         # one piece
                2d000000
                """ + CHAIN_BYTES + "591b000000000000" + CHUNK_BYTES + """
                10000000 20000000                   # 32 bytes at 16
                00                                  # into the reply
                01                                  # relaxed
                """,
                ReadRequestCodec.CODEC,
                new ReadRequest(List.of(piece), true));
    }

    @Test
    void pendingVersion() {
        ReadResult.Found found = new ReadResult.Found(42, 100, 0, 0xCAFE, MemorySegment.NULL, true);
        assertEquals(HexFormat.of().formatHex(bytes("""
                        3fedba0a 16000000                   # Found
                        2a00000000000000 64000000           # version 42, length of the chunk 100
                        00000000 feca0000 00                # no bytes, their checksum, none of them here
                        01                                  # pending
                        """)), write(ReadResultCodec.CODEC, found));
    }

    @Test
    void endOfAFilling() {
        assertBytes("1c000000" + CHAIN_BYTES + """
                591b000000000000                    # target 7001
                2a00000000000000                    # floor 42
                """, SyncDoneRequestCodec.CODEC, new SyncDoneRequest(CHAIN, 7001, 42));
    }

    @Test
    void whatAnOlderSenderLeavesOutIsAsItWas() {
        MemorySegment old = MemorySegment.ofArray(bytes("4c000000" + UPDATE_BODY));
        assertEquals(
                Duration.ZERO,
                UpdateRequestCodec.CODEC.read(SerdeReader.of(old)).age());
        MemorySegment noPieces = MemorySegment.ofArray(bytes("01000000 00"));
        assertFalse(ReadRequestCodec.CODEC.read(SerdeReader.of(noPieces)).relaxed());
    }

    private static <T> void assertBytes(String expected, Codec<T> codec, T value) {
        assertEquals(HexFormat.of().formatHex(bytes(expected)), write(codec, value));
        assertEquals(value, codec.read(SerdeReader.of(MemorySegment.ofArray(bytes(expected)))));
    }

    private static <T> String write(Codec<T> codec, T value) {
        SerdeWriter out = SerdeWriter.create(64);
        codec.write(value, out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("#.*", "").replaceAll("\\s", ""));
    }
}
