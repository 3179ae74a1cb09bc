package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.meta.CloseRequest;
import dev.weft.api.meta.MetaService;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.OpenRequest;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RocksDbKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.meta.schema.Keys;
import dev.weft.rpc.Environment;
import dev.weft.rpc.Subtask;
import dev.weft.rpc.TaskScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many write to one file, by several servers. */
final class SettlementTest extends MetaFixture {
    private static final int WRITERS = 64;
    private static final int SYNCS = 20;

    @TempDir
    Path folder;

    @Override
    KeyValueStore open() throws IOException {
        return RocksDbKeyValueStore.open(folder, StoreLimits.defaults(), Environment.system());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void everyLengthThatAWriterIsToldHolds(int count) throws Exception {
        create("/file");
        InterruptibleStore counted = new InterruptibleStore(store);
        LongAdder attempts = new LongAdder();
        counted.beforeEveryCommit(attempts::increment);
        List<MetaService> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(
                    new MetaServer(config, Environment.system(), counted, () -> routing, Membership.alone(), chunks));
        }
        List<OpenReply> opened = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            opened.add(open("/file", OpenRequest.Mode.WRITE));
        }
        List<Subtask<Long>> writers = new ArrayList<>();
        long begun = System.nanoTime();
        try (TaskScope scope = TaskScope.open(Environment.system())) {
            for (int writer = 0; writer < WRITERS; writer++) {
                MetaService server = servers.get(writer % servers.size());
                int number = writer;
                writers.add(scope.fork(() -> write(server, opened.get(number), number)));
            }
            scope.join();
        }
        long longest = writers.stream().mapToLong(Subtask::get).max().orElseThrow();
        System.out.printf(
                "%d servers: %d calls by %d transactions in %d ms, longest %d ms%n",
                count,
                WRITERS * (SYNCS + 1),
                attempts.sum(),
                (System.nanoTime() - begun) / 1_000_000,
                longest / 1_000_000);
        assertEquals(SYNCS * 1000 + WRITERS - 1, stat("/file").length());
        assertEquals(1, stored(KeyRange.prefix(Keys.SESSIONS)), "that of the create");
        if (count == 1) {
            // Those of one server never conflict with each other.
            assertTrue(attempts.sum() <= WRITERS * (SYNCS + 1), () -> attempts + " transactions");
        }
    }

    /** Returns how long the longest call took. */
    private static long write(MetaService server, OpenReply opened, int number) throws Exception {
        long inodeId = opened.inode().inodeId();
        long longest = 0;
        for (int i = 0; i <= SYNCS; i++) {
            long end = i * 1000L + number;
            long begun = System.nanoTime();
            long length = server.close(
                            new CloseRequest(ROOT, inodeId, opened.session().orElseThrow(), end, 0, i == SYNCS))
                    .length();
            longest = Math.max(longest, System.nanoTime() - begun);
            assertFalse(length < end, () -> "length " + length + " after " + end + " were written");
        }
        return longest;
    }
}
