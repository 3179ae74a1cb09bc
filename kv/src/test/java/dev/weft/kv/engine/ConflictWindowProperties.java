package dev.weft.kv.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.kv.Bytes;
import dev.weft.kv.KeyRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The segments of the window against a plain list of every commit. */
final class ConflictWindowProperties {
    private record Written(long version, long atNanos, KeyRange range) {}

    private static final int BYTES_MAX = 4000;

    @Property(tries = 300)
    void agreesWithAListOfAllCommits(@ForAll long seed) {
        Random random = new Random(seed);
        ConflictWindow window = new ConflictWindow(0, BYTES_MAX, Duration.ofNanos(40));
        List<Written> history = new ArrayList<>();
        long floor = 0;
        for (int version = 1; version <= 120; version++) {
            WriteSet writes = new WriteSet();
            for (int i = random.nextInt(4); i >= 0; i--) {
                KeyRange range = range(random);
                writes.clear(range);
                history.add(new Written(version, version, range));
            }
            window.record(version, writes, Versionstamp.of(version), version);
            for (int i = 0; i < 20; i++) {
                KeyRange read = range(random);
                long readVersion = Math.max(0, version - random.nextInt(60));
                boolean changed = history.stream()
                        .anyMatch(write -> write.version() > readVersion && overlap(write.range(), read));
                switch (window.check(readVersion, List.of(read))) {
                    case FREE -> assertTrue(!changed, "missed a write to " + read + " after " + readVersion);
                    case READ_CHANGED -> assertTrue(changed, "saw a write to " + read + " after " + readVersion);
                    case TOO_OLD -> floor = Math.max(floor, readVersion);
                }
            }
            assertTrue(floor < version, "forgot the present");
        }
    }

    @Property(tries = 50)
    void forgetsEverythingInTheEnd(@ForAll long seed) {
        Random random = new Random(seed);
        ConflictWindow window = new ConflictWindow(0, BYTES_MAX, Duration.ofNanos(5));
        for (int version = 1; version <= 200; version++) {
            WriteSet writes = new WriteSet();
            writes.clear(range(random));
            writes.put(key(random.nextInt(30)), Bytes.EMPTY);
            window.record(version, writes, Versionstamp.of(version), version);
        }
        window.expire(1_000);
        assertEquals(1, window.segments());
        assertEquals(ConflictWindow.Verdict.TOO_OLD, window.check(199, List.of(range(random))));
        assertEquals(ConflictWindow.Verdict.FREE, window.check(200, List.of(range(random))));
    }

    @Property(tries = 20)
    void aTransactionThatReadNothingIsAlwaysFree(@ForAll long readVersion) {
        ConflictWindow window = new ConflictWindow(100, BYTES_MAX, Duration.ofNanos(5));
        assertEquals(ConflictWindow.Verdict.FREE, window.check(readVersion, List.of()));
    }

    private static boolean overlap(KeyRange a, KeyRange b) {
        return a.begin().compareTo(b.end()) < 0 && b.begin().compareTo(a.end()) < 0;
    }

    private static KeyRange range(Random random) {
        int begin = random.nextInt(30);
        return new KeyRange(key(begin), key(begin + 1 + random.nextInt(4)));
    }

    private static Bytes key(int number) {
        return Bytes.ofUtf8(String.format("%02d", number));
    }
}
