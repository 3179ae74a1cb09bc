package dev.weft.simulation.meta;

import dev.weft.api.meta.CheckFinding;
import dev.weft.api.meta.CheckStartRequest;
import dev.weft.api.meta.CheckStatus;
import dev.weft.api.meta.CheckStatusRequest;
import dev.weft.api.meta.Credentials;
import dev.weft.api.meta.MetaCheck;
import dev.weft.api.meta.MetaException;
import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import dev.weft.kv.KeyValue;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.Transaction;
import dev.weft.rpc.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What is stored when all is quiet: sessions of clients that are there only, garbage only of files that these have open, and
 * nothing that a check would find.
 */
final class MetaLeftovers {
    private static final int PREFIX = 2;
    private static final int STAMP = 10;

    /** The client stands behind the length of its table, the most significant half first, in the order of the wire. */
    private static final int CLIENT_OFFSET = 4;

    private MetaLeftovers() {}

    static void check(MetaWorld world) throws InterruptedException {
        Environment environment = world.simulation().environment();
        KeyValueStore store = new RemoteKeyValueStore(
                world.store().link("observer", 1, environment), StoreLimits.defaults(), environment);
        Set<Long> open = new HashSet<>();
        for (KeyValue session : all(store, "MS")) {
            if (!isEnded(session.value())) {
                UUID client = client(session.value());
                if (!world.isThere(client)) {
                    throw new AssertionError("a session of client " + client + " is left, which is dead");
                }
                open.add(session.key().longAt(PREFIX));
            }
        }
        for (KeyValue garbage : all(store, "MG")) {
            long inodeId = garbage.key().longAt(PREFIX + STAMP);
            if (!open.contains(inodeId)) {
                throw new AssertionError("inode " + inodeId + " was removed, is not open, and is still there");
            }
        }
        List<CheckFinding> found = find(world, environment, store);
        if (!found.isEmpty()) {
            throw new AssertionError("a check finds " + found);
        }
    }

    private static List<KeyValue> all(KeyValueStore store, String prefix) {
        try (Transaction tx = store.begin()) {
            return tx.snapshotRange(KeyRange.prefix(Bytes.ofUtf8(prefix)), 100_000);
        }
    }

    /** One that was ended is longer than one that was not. */
    private static boolean isEnded(Bytes session) {
        return session.length() > CLIENT_OFFSET + 16 + 12 + 4 + 1;
    }

    private static UUID client(Bytes session) {
        return new UUID(
                Long.reverseBytes(session.longAt(CLIENT_OFFSET)),
                Long.reverseBytes(session.longAt(CLIENT_OFFSET + Long.BYTES)));
    }

    private static List<CheckFinding> find(MetaWorld world, Environment environment, KeyValueStore store)
            throws InterruptedException {
        UUID id = new UUID(1, 1);
        Credentials root = new Credentials(id, Credentials.ROOT, 0, List.of());
        MetaCheck check = MetaServerNode.observer(world, store).check();
        List<CheckFinding> found = new ArrayList<>();
        try {
            CheckStatus status = check.start(new CheckStartRequest(root, id, false));
            while (status.phase() != CheckStatus.Phase.OVER || found.size() < status.found()) {
                environment.clock().sleep(Duration.ofMillis(100));
                status = check.status(new CheckStatusRequest(root, id, found.size()));
                found.addAll(status.findings());
                if (!status.failure().isEmpty()) {
                    throw new AssertionError("the check failed: " + status.failure());
                }
            }
        } catch (MetaException e) {
            throw new AssertionError("the check was refused", e);
        }
        return found;
    }
}
