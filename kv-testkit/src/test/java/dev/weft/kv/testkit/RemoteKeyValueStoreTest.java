package dev.weft.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.kv.Bytes;
import dev.weft.kv.CommitResult;
import dev.weft.kv.KeyValueStore;
import dev.weft.kv.MemoryKeyValueStore;
import dev.weft.kv.RemoteKeyValueStore;
import dev.weft.kv.StoreCommit;
import dev.weft.kv.StoreGet;
import dev.weft.kv.StoreGetAll;
import dev.weft.kv.StoreLimits;
import dev.weft.kv.StoreOutcome;
import dev.weft.kv.StorePage;
import dev.weft.kv.StoreRelease;
import dev.weft.kv.StoreScan;
import dev.weft.kv.StoreServer;
import dev.weft.kv.StoreService;
import dev.weft.kv.StoreServiceRpc;
import dev.weft.kv.StoreSnapshot;
import dev.weft.kv.StoreValue;
import dev.weft.kv.StoreValues;
import dev.weft.kv.Transaction;
import dev.weft.rpc.ClientConfig;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RetryPolicy;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store in memory, used over TCP. */
final class RemoteKeyValueStoreTest extends KeyValueStoreContract {
    private final Environment environment = Environment.system();
    private final KeyValueStore served = new MemoryKeyValueStore(SMALL, environment);
    private final RpcClient client = RpcClient.builder()
            .config(ClientConfig.defaults().withRetry(RetryPolicy.none()))
            .build();
    private @Nullable RpcServer server;

    @Override
    protected KeyValueStore open() throws IOException {
        server = RpcServer.builder()
                .bind(StoreServiceRpc.SERVICE, new StoreServer(served, environment))
                .listen("tcp://127.0.0.1:0")
                .start();
        return another();
    }

    private KeyValueStore another() {
        return new RemoteKeyValueStore(
                client.stub(
                        StoreServiceRpc.SERVICE, Objects.requireNonNull(server).address()),
                SMALL,
                environment);
    }

    @AfterEach
    void closeBoth() {
        client.close();
        Objects.requireNonNull(server).close();
        served.close();
    }

    @Test
    void severalUsersConflictWithEachOther() throws InterruptedException {
        KeyValueStore other = another();
        Transaction first = store.begin();
        first.get(A);
        first.put(B, value(1));
        Transaction second = other.begin();
        second.put(A, value(2));
        commit(second);
        assertConflict(first);
    }

    @Test
    void aRangeOfManyPagesComesWhole() throws InterruptedException {
        for (int i = 0; i < 500; i += 10) {
            int from = i;
            store.run(tx -> {
                IntStream.range(from, from + 10).forEach(n -> tx.put(Bytes.concat(A, Bytes.ofLong(n)), value(n)));
                return true;
            });
        }
        try (Transaction transaction = store.begin()) {
            assertEquals(500, transaction.snapshotRange(A_TO_D, 1000).size());
        }
    }

    @Test
    void ofACommitThatGetsNoAnswerTheOutcomeIsNotKnown() throws InterruptedException {
        StoreService lossy = new StoreService() {
            private final StoreService real = new StoreServer(served, environment);

            @Override
            public StoreSnapshot begin() {
                return real.begin();
            }

            @Override
            public StoreValue get(StoreGet request) {
                return real.get(request);
            }

            @Override
            public StoreValues getAll(StoreGetAll request) {
                throw new AssertionError("not asked for");
            }

            @Override
            public StorePage scan(StoreScan request) {
                return real.scan(request);
            }

            @Override
            public StoreOutcome commit(StoreCommit request) {
                real.commit(request);
                throw new RpcException(StatusCode.CONNECTION_LOST, "no answer");
            }

            @Override
            public void release(StoreRelease request) {
                real.release(request);
            }
        };
        Transaction transaction = new RemoteKeyValueStore(lossy, SMALL, environment).begin();
        transaction.put(A, value(1));
        assertInstanceOf(CommitResult.MaybeCommitted.class, transaction.commit());
        assertEquals(value(1), read(A).orElseThrow());
    }

    @Test
    void aSnapshotThatTheServerNoLongerHoldsIsTooOld() throws InterruptedException {
        StoreService service = new StoreServer(served, environment);
        RemoteKeyValueStore remote = new RemoteKeyValueStore(service, SMALL, environment);
        Transaction transaction = remote.begin();
        transaction.put(A, value(1));
        service.release(new StoreRelease(0));
        StoreSnapshot held = service.begin();
        service.release(new StoreRelease(held.snapshot()));
        RpcException gone =
                assertThrows(RpcException.class, () -> service.get(new StoreGet(held.snapshot(), A.segment())));
        assertEquals(StatusCode.ABORTED, gone.code());
        assertEquals(
                new StoreOutcome.TooOld(),
                service.commit(new StoreCommit(held.snapshot(), List.of(), List.of(), List.of())));
        commit(transaction);
    }

    @Test
    void valuesThatDoNotFitOneAnswerArePrefetchedBySeveral() throws InterruptedException {
        StoreLimits limits = StoreLimits.defaults();
        try (KeyValueStore large = new MemoryKeyValueStore(limits, environment);
                KeyValueStore remote =
                        new RemoteKeyValueStore(new StoreServer(large, environment), limits, environment)) {
            List<Bytes> keys =
                    IntStream.range(0, 40).mapToObj(i -> Bytes.ofLong(i)).toList();
            remote.run(tx -> {
                keys.forEach(key -> tx.put(key, Bytes.wrap(new byte[90_000])));
                return 0;
            });
            try (Transaction transaction = remote.begin()) {
                transaction.prefetch(keys);
                for (Bytes key : keys) {
                    assertEquals(90_000, transaction.get(key).orElseThrow().length());
                }
            }
        }
    }

    @Test
    void refusesToReadTooManyKeysAtOnce() {
        StoreServer direct = new StoreServer(served, environment);
        long snapshot = direct.begin().snapshot();
        for (int count : new int[] {0, StoreGetAll.KEYS_MAX + 1}) {
            StoreGetAll request = new StoreGetAll(snapshot, Collections.nCopies(count, A.segment()));
            RpcException refused = assertThrows(RpcException.class, () -> direct.getAll(request));
            assertEquals(StatusCode.INVALID_ARGUMENT, refused.code());
        }
    }
}
