package dev.weft.simulation;

import dev.weft.kv.StoreCommit;
import dev.weft.kv.StoreGet;
import dev.weft.kv.StoreGetAll;
import dev.weft.kv.StoreOutcome;
import dev.weft.kv.StorePage;
import dev.weft.kv.StoreRelease;
import dev.weft.kv.StoreScan;
import dev.weft.kv.StoreService;
import dev.weft.kv.StoreSnapshot;
import dev.weft.kv.StoreValue;
import dev.weft.kv.StoreValues;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import java.time.Duration;

/**
 * One server's way to the store, which takes time and may be cut off. Not through the simulated network: servers ask the
 * store all the time, and most of what a run costs would be that.
 */
final class StoreLink implements StoreService {
    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final Duration RECHECK = Duration.ofMillis(20);
    private static final long WAY_NANOS_MAX = 1_000_000;

    /** Several leases of a primary. */
    private static final long COMMIT_NANOS_MAX = 2_000_000_000;

    private final SharedStore store;
    private final String node;
    private final String holder;
    private final Environment process;

    StoreLink(SharedStore store, String node, String holder, Environment process) {
        this.store = store;
        this.node = node;
        this.holder = holder;
        this.process = process;
    }

    @Override
    public StoreSnapshot begin() {
        travel();
        return store.server().begin();
    }

    @Override
    public StoreValue get(StoreGet request) {
        travel();
        return store.server().get(request);
    }

    @Override
    public StoreValues getAll(StoreGetAll request) {
        travel();
        return store.server().getAll(request);
    }

    @Override
    public StorePage scan(StoreScan request) {
        travel();
        return store.server().scan(request);
    }

    @Override
    public StoreOutcome commit(StoreCommit request) {
        travel(store.isDelayed(node) ? COMMIT_NANOS_MAX : WAY_NANOS_MAX);
        StoreOutcome outcome = store.commit(node, holder, request, process.random());
        // The answer may be what does not come through.
        travel();
        return outcome;
    }

    @Override
    public void release(StoreRelease request) {
        store.server().release(request);
    }

    private void travel() {
        travel(WAY_NANOS_MAX);
    }

    private void travel(long nanosMax) {
        long begun = process.clock().nanoTime();
        try {
            process.clock().sleep(Duration.ofNanos(process.random().nextLong(nanosMax)));
            while (store.isCutOff(node)) {
                if (process.clock().nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "the store does not answer");
                }
                process.clock().sleep(RECHECK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "interrupted on the way to the store", e);
        }
    }
}
