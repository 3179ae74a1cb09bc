package dev.weft.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.api.cluster.routing.Routing;
import dev.weft.api.meta.OpenReply;
import dev.weft.api.meta.PathAt;
import dev.weft.api.meta.RemoveRequest;
import dev.weft.api.meta.SpaceRequest;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.meta.schema.Keys;
import dev.weft.meta.schema.Namespace;
import dev.weft.rpc.Environment;
import dev.weft.rpc.TaskScope;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Several servers collect from one queue. */
final class CollectorTest extends MetaFixture {
    private static final KeyRange QUEUE = KeyRange.prefix(Keys.GARBAGE);

    private volatile Routing servers = withServers(Map.of(1, true, 2, true));

    @Override
    KeyValueStore open() {
        return new MemoryKeyValueStore(StoreLimits.defaults(), Environment.system());
    }

    private void makeFiles(String directory, int count) throws Exception {
        mkdir(directory);
        for (int i = 0; i < count; i++) {
            OpenReply file = create(directory + "/f" + i);
            chunks.lengths.put(file.inode().inodeId(), 5L);
            close(file, 5);
        }
    }

    private static void collectAll(Collector collector) throws InterruptedException {
        while (collector.collectOnce()) {
            // There may be more.
        }
    }

    @Test
    void eachServerCollectsItsPartAndTheOthersWhenThatOneIsGone() throws Exception {
        makeFiles("/d", 100);
        for (int i = 0; i < 100; i++) {
            remove("/d/f" + i, RemoveRequest.Kind.UNLINK);
        }
        Collector first = collectorOf(1, () -> servers);
        collectAll(first);
        int left = stored(QUEUE);
        assertTrue(left > 20 && left < 80, () -> left + " files of 100 are the other server's");
        servers = withServers(Map.of(1, true, 2, false));
        collectAll(first);
        assertEquals(0, stored(QUEUE));
        assertEquals(Set.of(), chunks.lengths.keySet());
    }

    @Test
    void aTreeIsGoneWhenAllHaveDoneTheirPart() throws Exception {
        for (int i = 0; i < 10; i++) {
            makeFiles("/d" + i, 20);
        }
        mkdir("/all");
        for (int i = 0; i < 10; i++) {
            rename("/d" + i, "/all/d" + i);
        }
        remove("/all", RemoveRequest.Kind.RECURSIVE);
        Collector first = collectorOf(1, () -> servers);
        Collector second = collectorOf(2, () -> servers);
        boolean progress = true;
        while (progress) {
            // Each finds what the other has taken out of a directory.
            progress = first.collectOnce();
            progress |= second.collectOnce();
        }
        assertEquals(0, stored(QUEUE));
        assertEquals(Set.of(Namespace.ROOT_ID), storedInodes());
        assertEquals(Set.of(), chunks.lengths.keySet());
    }

    @Test
    void twoAtTheSameEntriesDoNoHarm() throws Exception {
        makeFiles("/d", 600);
        makeFiles("/e", 3);
        remove("/d", RemoveRequest.Kind.RECURSIVE);
        Counters counted = new Counters();
        Collector one = collectorOf(config, 7, () -> servers, counted);
        Collector other = collectorOf(config, 8, () -> servers, counted);
        try (TaskScope scope = TaskScope.open(Environment.system())) {
            scope.fork(() -> {
                collectAll(one);
                return one;
            });
            scope.fork(() -> {
                collectAll(other);
                return other;
            });
            scope.join();
        }
        collectAll(one);
        assertEquals(0, stored(QUEUE));
        assertEquals(4, meta.space(new SpaceRequest(caller, PathAt.of("/"))).inodes());
        assertEquals(15, meta.space(new SpaceRequest(caller, PathAt.of("/"))).bytes());
        assertEquals(3, names("/e").size());
        assertEquals(3, chunks.lengths.size());
    }

    @Test
    void aLargeFileTakesTurnsAndAnotherServerGoesOnWithIt() throws Exception {
        OpenReply file = create("/large");
        long inodeId = file.inode().inodeId();
        chunks.lengths.put(inodeId, 5L);
        close(file, 5);
        remove("/large", RemoveRequest.Kind.UNLINK);
        chunks.turns.put(inodeId, 5);
        Map<Integer, Boolean> both = Map.of(1, true, 2, true);
        int owner = new Division(new Membership(1, () -> withServers(both), Optional.empty())).isMine(inodeId) ? 1 : 2;
        Collector dying = collectorOf(owner, () -> servers);
        Collector other = collectorOf(3 - owner, () -> servers);
        assertTrue(dying.collectOnce());
        assertTrue(dying.collectOnce());
        assertTrue(storedInodes().contains(inodeId), "the inode says where the rest of the chunks are");
        assertFalse(other.collectOnce());
        servers = withServers(Map.of(3 - owner, true, owner, false));
        collectAll(other);
        assertEquals(0, chunks.turns.get(inodeId));
        assertFalse(storedInodes().contains(inodeId));
        assertEquals(0, stored(QUEUE));
    }

    @Test
    void whatStorageCannotRemoveIsNotTriedAgainAtOnce() throws Exception {
        makeFiles("/d", 3);
        remove("/d", RemoveRequest.Kind.RECURSIVE);
        Counters counted = new Counters();
        Collector one = collectorOf(config, 1, () -> Routing.UNKNOWN, counted);
        chunks.away = true;
        collectAll(one);
        assertFalse(one.collectOnce());
        assertEquals(3, counted.snapshot().get("meta.collections-put-off"));
        assertEquals(1, counted.snapshot().get("meta.garbage"), "the directory, before it was taken apart");
        assertEquals(1, counted.snapshot().get("meta.directories-collected"));
    }

    @Test
    void collectsNoFasterThanItMay() throws Exception {
        makeFiles("/d", 30);
        remove("/d", RemoveRequest.Kind.RECURSIVE);
        Collector slow = collectorOf(config.withCollectRate(20), 1, () -> Routing.UNKNOWN, new Counters());
        Set<Long> removed = ConcurrentHashMap.newKeySet();
        chunks.removal = removed::add;
        long begun = System.nanoTime();
        collectAll(slow);
        assertEquals(30, removed.size());
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.compareTo(Duration.ofMillis(1300)) > 0, () -> "31 at 20 a second took " + took);
        slow.setRate(0);
    }
}
