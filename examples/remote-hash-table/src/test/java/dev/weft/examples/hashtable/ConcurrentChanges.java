package dev.weft.examples.hashtable;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Writers that count up the values of a few keys, and readers that check what they get: a value consists of one number over
 * and over, of the right key, and never smaller than one that was put before the get began.
 */
final class ConcurrentChanges {
    private static final int KEYS = 4;
    private static final int NUMBERS = 20;
    private static final int READERS = 3;

    private final CacheService service;
    private final Cache cache;
    private final Supplier<CacheReader> readers;
    private final AtomicLong[] put = new AtomicLong[KEYS];
    private final AtomicLong gets = new AtomicLong();
    private final AtomicReference<String> complaint = new AtomicReference<>("");
    private volatile boolean done;

    ConcurrentChanges(CacheService service, Cache cache, Supplier<CacheReader> readers) {
        this.service = service;
        this.cache = cache;
        this.readers = readers;
        for (int i = 0; i < KEYS; i++) {
            put[i] = new AtomicLong(-1);
        }
    }

    /** Has each key changed so many times. */
    void run(int changes) throws InterruptedException {
        List<Thread> writing = new ArrayList<>();
        List<Thread> reading = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            int key = i;
            writing.add(start(() -> write(key, changes)));
        }
        for (int i = 0; i < READERS; i++) {
            reading.add(start(this::read));
        }
        for (Thread each : writing) {
            each.join();
        }
        done = true;
        for (Thread each : reading) {
            each.join();
        }
    }

    private Thread start(Runnable body) {
        return Thread.ofVirtual().start(() -> {
            try {
                body.run();
            } catch (RuntimeException | AssertionError e) {
                complain(e.toString());
            }
        });
    }

    private void write(int key, int changes) {
        for (long number = 0; number < changes && complaint.get().isEmpty(); number++) {
            MemorySegment value = MemorySegment.ofArray(value(key, number));
            // Most at the server itself: that is faster, so that readers meet more changes.
            if (number % 16 == 0) {
                cache.put(new Cache.Entry(name(key), value));
            } else {
                service.put(new Cache.Entry(name(key), value));
            }
            put[key].set(number);
        }
    }

    private void read() {
        try (CacheReader reader = readers.get()) {
            for (int i = 0; !done && complaint.get().isEmpty(); i++) {
                int key = i % KEYS;
                long before = put[key].get();
                Optional<byte[]> value = reader.get(name(key));
                gets.incrementAndGet();
                value.ifPresent(bytes -> check(key, before, ByteBuffer.wrap(bytes)));
                // Another key may have the bucket; of these four none does.
                if (value.isEmpty() && before >= 0) {
                    complain("nothing for " + name(key) + " after " + before);
                }
            }
        }
    }

    private void check(int key, long before, ByteBuffer value) {
        if (value.remaining() != 8 * (NUMBERS + 1) || value.getLong() != key) {
            complain("value of another key for " + name(key));
            return;
        }
        long number = value.getLong();
        while (value.hasRemaining()) {
            long other = value.getLong();
            if (other != number) {
                complain(number + " and " + other + " in one value");
            }
        }
        if (number < before) {
            complain(name(key) + " is " + number + " after " + before);
        }
    }

    private static byte[] value(int key, long number) {
        ByteBuffer value = ByteBuffer.allocate(8 * (NUMBERS + 1)).putLong(key);
        while (value.hasRemaining()) {
            value.putLong(number);
        }
        return value.array();
    }

    private static String name(int key) {
        return "key " + key;
    }

    private void complain(String what) {
        complaint.compareAndSet("", what);
    }

    /** What was wrong first; empty if nothing. */
    String complaint() {
        return complaint.get();
    }

    long gets() {
        return gets.get();
    }
}
