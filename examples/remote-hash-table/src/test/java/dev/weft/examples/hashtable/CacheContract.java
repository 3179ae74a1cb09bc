package dev.weft.examples.hashtable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.BufferPool;
import dev.weft.rpc.MethodMetrics;
import dev.weft.rpc.RpcClient;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.RpcServer;
import dev.weft.rpc.StatusCode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cache over one transport. */
abstract class CacheContract {
    private static final int BUCKETS = 64;

    // Set before each test.
    private CacheService service;
    private RpcServer server;
    private RpcClient client;
    private Cache cache;
    private CacheReader reader;

    @SuppressWarnings("NullAway.Init") // see start
    CacheContract() {}

    /** Where the server is to listen. */
    abstract String address();

    @BeforeEach
    final void start() throws IOException {
        startServer(address(), BUCKETS);
        client = RpcClient.create();
        cache = client.stub(CacheRpc.SERVICE, server.address());
        reader = newReader();
    }

    private void startServer(String at, int buckets) throws IOException {
        service = new CacheService(BufferPool.shared(), buckets, 256);
        server = RpcServer.builder().bind(CacheRpc.SERVICE, service).listen(at).start();
    }

    @AfterEach
    final void stop() {
        reader.close();
        client.close();
        server.close();
        service.close();
        assertEquals(0, BufferPool.shared().usedBytes());
    }

    private CacheReader newReader() {
        return new CacheReader(client.peer(server.address()), BufferPool.shared());
    }

    @Test
    void getsWhatWasPutWithoutCalls() {
        put("one", "first");
        put("two", "second");
        assertGets("first", "one");
        long callsBefore = calls();
        assertGets("first", "one");
        assertGets("second", "two");
        assertEquals(Optional.empty(), reader.get("three"));
        assertEquals(callsBefore, calls());
    }

    @Test
    void getsTheLatestPut() {
        for (int i = 0; i < 100; i++) {
            put("key", "value " + i);
            assertGets("value " + i, "key");
        }
        cache.remove(new Cache.Key("key"));
        assertEquals(Optional.empty(), reader.get("key"));
        assertEquals(Optional.empty(), cache.get(new Cache.Key("key")).value());
    }

    @Test
    void entryThatFallsInTheSameBucketTakesThePlace() {
        for (int i = 0; i <= BUCKETS; i++) {
            put("key " + i, "value " + i);
        }
        int found = 0;
        for (int i = 0; i <= BUCKETS; i++) {
            Optional<byte[]> value = reader.get("key " + i);
            if (value.isPresent()) {
                assertEquals("value " + i, text(value));
                found++;
            }
        }
        assertTrue(found > 0 && found <= BUCKETS, found + " found");
    }

    @Test
    void refusesWhatDoesNotFit() {
        RpcException e = assertThrows(RpcException.class, () -> put("key", "x".repeat(256)));
        assertEquals(StatusCode.INVALID_ARGUMENT, e.code());
        put("key", "x".repeat(256 - 28 - 3));
        assertGets("x".repeat(256 - 28 - 3), "key");
    }

    @Test
    void attachesToAServerThatIsStartedAgain() throws IOException {
        put("key", "old");
        assertGets("old", "key");
        String sameAddress = server.address();
        server.close();
        service.close();
        startServer(sameAddress, 2 * BUCKETS);
        assertEquals(Optional.empty(), reader.get("key"));
        put("key", "new");
        assertGets("new", "key");
    }

    @Test
    void getsByCallWhereOneSidedReadsAreOfNoUse() {
        put("key", "value");
        assertGets("value", "key");
        Bucket bucket = service.bucket(Bucket.index(bytes("key"), BUCKETS));
        bucket.beginChange();
        long callsBefore = calls();
        assertGets("value", "key");
        assertEquals(callsBefore + 1, calls());
        bucket.put(bytes("key"), MemorySegment.ofArray(bytes("next")));
        assertGets("next", "key");
        assertEquals(callsBefore + 1, calls());
    }

    @Test
    void readersSeeWholeValuesInTheirOrderWhileWritersGoOn() throws InterruptedException {
        var changes = new ConcurrentChanges(service, cache, this::newReader);
        changes.run(3000);
        assertEquals("", changes.complaint());
        assertFalse(changes.gets() == 0);
    }

    private void put(String name, String value) {
        cache.put(new Cache.Entry(name, MemorySegment.ofArray(bytes(value))));
    }

    private void assertGets(String value, String name) {
        assertArrayEquals(bytes(value), reader.get(name).orElseThrow());
    }

    private long calls() {
        return server.metrics().methods().stream()
                .mapToLong(MethodMetrics::calls)
                .sum();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Optional<byte[]> value) {
        return new String(value.orElseThrow(), StandardCharsets.UTF_8);
    }
}
