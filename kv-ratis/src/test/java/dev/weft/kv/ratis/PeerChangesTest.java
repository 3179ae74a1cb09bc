package dev.weft.kv.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.StorePeer;
import dev.weft.kv.Transaction;
import dev.weft.kv.testkit.KeyValueStoreContract;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that stop, come back, come new and go. */
final class PeerChangesTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway") // set before each test
    private LocalPeers peers;

    @BeforeEach
    void startPeers() throws IOException {
        peers = new LocalPeers(folder, KeyValueStoreContract.SMALL, 3);
        peers.startAll();
    }

    @AfterEach
    void stopPeers() {
        peers.close();
    }

    private static Bytes key(int number) {
        return Bytes.concat(Bytes.ofUtf8("k"), Bytes.ofLong(number));
    }

    private static void put(KeyValueStore store, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            Bytes key = key(i);
            store.run(tx -> {
                tx.put(key, key);
                return 0;
            });
        }
    }

    private static void assertHas(KeyValueStore store, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Bytes key = key(i);
            assertEquals(Optional.of(key), store.run(tx -> tx.get(key)), "key " + i);
        }
    }

    @Test
    void anotherPeerLeadsWhenTheLeaderStopsAndNothingIsLost() throws Exception {
        try (KeyValueStore store = peers.store()) {
            put(store, 0, 50);
            String leader = peers.leader();
            peers.stop(leader);
            put(store, 50, 60);
            assertHas(store, 60);
            peers.start(leader, peers.config(leader));
            peers.stop(peers.leader());
            assertHas(peers.store(), 60);
        }
    }

    @Test
    void aPeerThatDoesNotLeadSaysWhoDoes() {
        String leader = peers.leader();
        String other = leader.equals("1") ? "2" : "1";
        LocalPeers.await(
                "no leader known", () -> peers.peer(other).status().leader().equals(Optional.of(leader)));
        RpcException refused =
                assertThrows(RpcException.class, () -> peers.peer(other).begin());
        assertEquals(StatusCode.FAILED_PRECONDITION, refused.code());
        assertTrue(refused.toString().contains("peer " + leader + " does"), refused.toString());
    }

    @Test
    void aTransactionOfALeaderThatLedBeforeConflictsAsTooOld() throws Exception {
        RatisKeyValueStore leader = peers.peer(peers.leader());
        Transaction transaction = leader.begin();
        transaction.put(key(1), key(1));
        for (String id : List.of("1", "2", "3")) {
            if (peers.peer(id) != leader) {
                peers.stop(id);
            }
        }
        LocalPeers.await("it leads without the others", () -> !leader.status().leads());
        assertEquals(new CommitResult.Conflicted(CommitResult.Reason.TOO_OLD), transaction.commit());
    }

    @Test
    void aNewPeerGetsASnapshotAndAnOldOneGoes() throws Exception {
        try (KeyValueStore store = peers.store()) {
            put(store, 0, 200);
            RatisKeyValueStore leader = peers.peer(peers.leader());
            leader.takeSnapshot();
            put(store, 200, 210);
            RatisPeer added = LocalPeers.freePeers(4, 1).getFirst();
            peers.start("4", RatisConfig.joining(folder.resolve("4"), added));
            leader.addPeer(new StorePeer("4", added.address()));
            LocalPeers.await(
                    "peer 4 stays behind",
                    () -> peers.peer("4").status().version() == leader.status().version());
            assertEquals(4, leader.status().peers().size());
            String gone = peers.leader().equals("1") ? "2" : "1";
            leader.removePeer(new StorePeer(gone, ""));
            assertEquals(3, leader.status().peers().size());
            peers.stop(gone);
            peers.stop(peers.leader());
            try (KeyValueStore left = peers.store()) {
                put(left, 210, 220);
                assertHas(left, 220);
            }
        }
    }

    @Test
    void aPeerThatMissedMoreThanTheLogKeepsIsSentASnapshot() throws Exception {
        peers.close();
        for (String id : List.of("1", "2", "3")) {
            peers.start(id, peers.config(id).withSnapshotEntries(20));
        }
        try (KeyValueStore store = peers.store()) {
            put(store, 0, 10);
            String behind = peers.leader().equals("3") ? "2" : "3";
            peers.stop(behind);
            try (KeyValueStore two = peers.store()) {
                put(two, 10, 150);
                // A new term begins a new file of the log, and only whole files are cut off.
                String leader = peers.leader();
                peers.stop(leader);
                peers.start(leader, peers.config(leader).withSnapshotEntries(20));
            }
            try (KeyValueStore two = peers.store()) {
                put(two, 150, 200);
            }
            peers.start(behind, peers.config(behind).withSnapshotEntries(20));
            long version = peers.peer(peers.leader()).status().version();
            LocalPeers.await(
                    "the peer stays behind", () -> peers.peer(behind).status().version() == version);
            try (Stream<Path> live = Files.list(folder.resolve(behind))) {
                assertTrue(
                        live.anyMatch(path -> path.getFileName().toString().equals("live-2")),
                        "its database is still the first one, so no snapshot came");
            }
            peers.stop(peers.leader());
            try (KeyValueStore all = peers.store()) {
                assertHas(all, 200);
            }
        }
    }

    @Test
    void aPeerStartsAgainWithWhatItHad() throws Exception {
        try (KeyValueStore store = peers.store()) {
            put(store, 0, 30);
        }
        peers.peer(peers.leader()).takeSnapshot();
        peers.close();
        for (String id : List.of("1", "2", "3")) {
            peers.start(id, peers.config(id));
        }
        try (KeyValueStore store = peers.store()) {
            assertHas(store, 30);
            put(store, 30, 40);
            assertHas(store, 40);
        }
    }
}
