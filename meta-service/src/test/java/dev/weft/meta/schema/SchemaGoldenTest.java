package dev.weft.meta.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.FileLock;
import dev.weft.api.meta.FileType;
import dev.weft.api.meta.Layout;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.meta.schema.StoredRequest.Operation;
import dev.weft.rpc.Environment;
import dev.weft.serde.Codec;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Schema version 2, byte by byte: a change here makes stored file systems unreadable. */
final class SchemaGoldenTest {
    private static final UUID ID = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    private static final Instant TIME = Instant.ofEpochSecond(0x11223344L, 0x55);
    private static final StoredAccess ACCESS = new StoredAccess(0644, 3, 4);

    @Test
    void keysAreAsDrawn() {
        assertEquals("4d49" + "00000000000000ff", Keys.inode(255).toString());
        assertEquals("4d44" + "0000000000000001" + "c3bc", Keys.entry(1, "ü").toString());
        assertEquals(
                "4d53" + "0000000000000002" + "0102030405060708090a0b0c0d0e0f10",
                Keys.session(2, ID).toString());
        assertEquals(
                "4d52" + "0102030405060708090a0b0c0d0e0f10", Keys.request(ID).toString());
        assertEquals(
                "4d58" + "0000000000000002" + "757365722e61",
                Keys.extended(2, "user.a").toString());
        assertEquals("4d56", Keys.SCHEMA_VERSION.toString());
        assertEquals("4d4e", Keys.INODE_BLOCKS.toString());
        assertEquals("4d43", Keys.REQUEST_COUNT.toString());
        assertEquals("ü", Keys.nameOf(Keys.entry(1, "ü")));
    }

    @Test
    void queueKeysCarryTheCommitAndWhatTheyAreAbout() throws InterruptedException {
        try (MemoryKeyValueStore store = new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system())) {
            store.run(tx -> {
                new Namespace(tx).discard(7, FileType.FILE);
                RequestLog.add(tx, ID, Operation.REMOVE, Bytes.EMPTY, Instant.ofEpochMilli(9));
                return 0;
            });
            try (Transaction tx = store.begin()) {
                var garbage = tx.range(KeyRange.prefix(Keys.GARBAGE), 2).getFirst();
                assertEquals(
                        "4d47" + "00000000000000010000" + "0000000000000007",
                        garbage.key().toString());
                var age = tx.range(KeyRange.prefix(Keys.REQUEST_AGES), 2).getFirst();
                assertEquals(
                        "4d41" + "00000000000000010000" + "0102030405060708090a0b0c0d0e0f10",
                        age.key().toString());
                assertEquals("0000000000000009", age.value().toString());
                assertEquals(Keys.request(ID), Keys.requestOfAge(age.key()));
            }
        }
    }

    @Test
    void whatBelongsToAnInodeFollowsIt() {
        assertEquals("4d49" + "00000000000000ff" + "74", Keys.touch(255).toString());
        assertEquals(
                "4d49" + "00000000000000ff" + "64", Keys.directoryCount(255).toString());
        assertTrue(Keys.wholeInode(255).contains(Keys.touch(255)));
    }

    @Test
    void filesAreAsDrawn() {
        assertGolden(
                StoredInodeCodec.CODEC,
                inode(new StoredContent.File(0x1234, 2, new Layout(1 << 20, List.of(1, 2)))),
                FILE);
    }

    @Test
    void directoriesAreAsDrawn() {
        assertGolden(
                StoredInodeCodec.CODEC,
                inode(new StoredContent.Directory(6, "d", 1 << 16, 2, Optional.of(ID))),
                DIRECTORY);
    }

    @Test
    void symbolicLinksAreAsDrawn() {
        assertGolden(StoredInodeCodec.CODEC, inode(new StoredContent.Symlink("/ü")), SYMLINK);
    }

    private static StoredInode inode(StoredContent content) {
        return new StoredInode(ACCESS, 1, TIME, TIME, TIME, TIME, content, 9);
    }

    @Test
    void entriesAreAsDrawn() {
        assertGolden(StoredEntryCodec.CODEC, new StoredEntry(7, FileType.DIRECTORY, Optional.of(ACCESS)), ENTRY);
        assertGolden(StoredEntryCodec.CODEC, new StoredEntry(7, FileType.SYMLINK, Optional.empty()), LINK_ENTRY);
    }

    @Test
    void touchesAreAsDrawn() {
        assertGolden(StoredTouchCodec.CODEC, new StoredTouch(TIME), TOUCH);
    }

    @Test
    void quotasAreAsDrawn() {
        assertGolden(StoredQuotaCodec.CODEC, new StoredQuota(5, 6, 7), QUOTA);
        assertEquals("4d51" + "00000000000000ff", Keys.quota(255).toString());
        assertEquals("4d51" + "00000000000000ff" + "69", Keys.quotaInodes(255).toString());
        assertEquals("4d51" + "00000000000000ff" + "62", Keys.quotaBytes(255).toString());
    }

    @Test
    void locksAndLeasesAreAsDrawn() {
        FileLock lock = new FileLock(ID, 3, FileLock.Kind.WHOLE, true, 4, 5);
        assertGolden(StoredLocksCodec.CODEC, new StoredLocks(List.of(lock)), LOCKS);
        assertGolden(StoredLeaseCodec.CODEC, new StoredLease(TIME), TOUCH);
        assertEquals("4d4c" + "00000000000000ff", Keys.locks(255).toString());
        assertEquals("4d45" + "0102030405060708090a0b0c0d0e0f10", Keys.lease(ID).toString());
    }

    @Test
    void theTrashIsAsDrawn() {
        assertGolden(StoredTrashCodec.CODEC, new StoredTrash(7, "d"), "0a000000 0700000000000000 01 64");
        assertEquals(
                "4d54" + "0000000000000009" + "00000000000000ff",
                Keys.trash(Instant.ofEpochMilli(9), 255).toString());
    }

    @Test
    void sessionsAreAsDrawn() {
        assertGolden(StoredSessionCodec.CODEC, new StoredSession(ID, TIME, 5, Optional.empty()), SESSION);
        assertGolden(StoredSessionCodec.CODEC, new StoredSession(ID, TIME, 5, Optional.of(TIME)), ENDED_SESSION);
        assertEquals(
                new StoredSession(ID, TIME, 5, Optional.empty()),
                Records.decode(
                        StoredSessionCodec.CODEC,
                        Bytes.wrap(HexFormat.of().parseHex(SESSION_OF_VERSION_2.replaceAll("#.*|\\s", "")))),
                "one that was written before sessions could be ended");
    }

    @Test
    void garbageIsAsDrawn() {
        assertGolden(StoredGarbageCodec.CODEC, new StoredGarbage(7, FileType.FILE), GARBAGE);
    }

    /** What all inodes begin with, after the length of the table. */
    private static final String ATTRIBUTES = """
            0c000000 a4010000 03000000 04000000  # access: permissions, owner, group
            01000000                             # links
            4433221100000000 55000000            # created: seconds, nanoseconds
            4433221100000000 55000000            # accessed
            4433221100000000 55000000            # modified
            4433221100000000 55000000            # changed
            """;

    private static final String FILE = "75000000" + ATTRIBUTES + """
            6336182b 21000000          # File
            3412000000000000           # length
            0200000000000000           # truncations
            0d000000 00001000 02 01000000 02000000  # layout: chunk size, two chains
            0900000000000000           # counts against this quota
            """;

    private static final String DIRECTORY = "77000000" + ATTRIBUTES + """
            286a2294 23000000          # Directory
            0600000000000000           # parent
            01 64                      # name
            00000100 02000000          # chunk size and stripes of new files
            01 0807060504030201 100f0e0d0c0b0a09  # locked by
            0900000000000000           # counts against this quota
            """;

    private static final String SYMLINK = "58000000" + ATTRIBUTES + """
            f4040a9b 04000000          # Symlink
            03 2fc3bc                  # target
            0900000000000000           # counts against this quota
            """;

    private static final String ENTRY = """
            1a000000 0700000000000000 01            # table, inode, DIRECTORY
            01 0c000000 a4010000 03000000 04000000  # its access
            """;

    private static final String LINK_ENTRY = """
            0a000000 0700000000000000 02 00  # table, inode, SYMLINK
            """;

    private static final String TOUCH = """
            0c000000 4433221100000000 55000000  # table, modified
            """;

    private static final String QUOTA = """
            18000000          # table of 24 bytes
            0500000000000000  # inodes at most
            0600000000000000  # bytes at most
            0700000000000000  # outer
            """;

    private static final String LOCKS = """
            2f000000 01                                  # table of 47 bytes, one lock
            2a000000 0807060504030201 100f0e0d0c0b0a09  # client
            0300000000000000 01 01                       # owner, WHOLE, exclusive
            0400000000000000 0500000000000000            # start, end
            """;

    private static final String SESSION = """
            21000000                           # table of 33 bytes
            0807060504030201 100f0e0d0c0b0a09  # client
            4433221100000000 55000000          # opened
            05000000                           # user
            00                                 # not ended
            """;

    private static final String ENDED_SESSION = """
            2d000000                           # table of 45 bytes
            0807060504030201 100f0e0d0c0b0a09  # client
            4433221100000000 55000000          # opened
            05000000                           # user
            01 4433221100000000 55000000       # ended
            """;

    private static final String SESSION_OF_VERSION_2 = """
            20000000                           # table of 32 bytes
            0807060504030201 100f0e0d0c0b0a09  # client
            4433221100000000 55000000          # opened
            05000000                           # user
            """;

    private static final String GARBAGE = """
            09000000 0700000000000000 00  # table, inode, FILE
            """;

    private static final String REQUEST = """
            0f000000                   # table of 15 bytes
            05                         # TRUNCATE
            01 aa                      # reply of one byte
            4433221100000000 55000000  # carried out
            """;

    @Test
    void requestsAreAsDrawn() {
        StoredRequest request = new StoredRequest(
                Operation.TRUNCATE, Bytes.wrap(new byte[] {(byte) 0xaa}).segment(), TIME);
        Bytes encoded = Records.encode(StoredRequestCodec.CODEC, request);
        assertEquals(REQUEST.replaceAll("#.*|\\s", ""), encoded.toString());
        StoredRequest decoded = Records.decode(StoredRequestCodec.CODEC, encoded);
        assertEquals("aa", Bytes.copyOf(decoded.reply()).toString());
    }

    private static <T> void assertGolden(Codec<T> codec, T value, String golden) {
        String hex = golden.replaceAll("#.*|\\s", "");
        assertEquals(hex, Records.encode(codec, value).toString());
        assertEquals(value, Records.decode(codec, Bytes.wrap(HexFormat.of().parseHex(hex))));
    }
}
