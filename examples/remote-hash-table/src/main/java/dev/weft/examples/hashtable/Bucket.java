package dev.weft.examples.hashtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One bucket of the table: in the server's memory, or a copy of it that a reader has made while the server was writing.
 *
 * <pre>
 *   0         8          12           16             20                            size-8      size
 *   +---------+----------+------------+--------------+-----+-------+---------------+-----------+
 *   | version | CRC-32C  | key length | value length | key | value |     unused    |  version  |
 *   +---------+----------+------------+--------------+-----+-------+---------------+-----------+
 * </pre>
 *
 * All numbers are little-endian; a bucket without an entry has key length -1. Each change raises the version by one: the first
 * before it begins, the other when it is done. The checksum is of the version, the lengths, the key and the value. So a copy
 * is whole if both versions are equal and the checksum matches. The versions alone would not do: nobody promises in which
 * order a transfer reads.
 *
 * <p>For one thread at a time.
 */
final class Bucket {
    static final int BYTES_MIN = 64;
    static final int BYTES_MAX = 1 << 16;
    static final int OVERHEAD_BYTES = 28;

    private static final int CHECKSUM = 8;
    private static final int KEY_LENGTH = 12;
    private static final int VALUE_LENGTH = 16;
    private static final int KEY = 20;
    private static final int EMPTY = -1;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle VERSION = LONG.varHandle();

    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private final long endVersion;
    private final CRC32C crc = new CRC32C();

    /** @param memory aligned to 8 bytes, and a multiple of 8 bytes long */
    Bucket(MemorySegment memory) {
        this.memory = memory;
        this.bytes = memory.asByteBuffer();
        this.endVersion = memory.byteSize() - 8;
    }

    /** Which of so many buckets, a power of two, is a key's. */
    static int index(byte[] key, int buckets) {
        CRC32C hash = new CRC32C();
        hash.update(key);
        return (int) hash.getValue() & buckets - 1;
    }

    // --- by the one thread that changes it; true, so that they can be used as functions

    boolean put(byte[] key, MemorySegment value) {
        long version = beginChange();
        memory.set(INT, KEY_LENGTH, key.length);
        memory.set(INT, VALUE_LENGTH, (int) value.byteSize());
        MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, KEY, key.length);
        MemorySegment.copy(value, 0, memory, (long) KEY + key.length, value.byteSize());
        return endChange(version);
    }

    boolean clear() {
        long version = beginChange();
        memory.set(INT, KEY_LENGTH, EMPTY);
        memory.set(INT, VALUE_LENGTH, 0);
        return endChange(version);
    }

    /** No copy is whole from now on. Returns the version that the change makes. */
    long beginChange() {
        long version = memory.get(LONG, endVersion) + 1;
        VERSION.setVolatile(memory, 0L, version);
        VarHandle.fullFence();
        return version;
    }

    private boolean endChange(long version) {
        memory.set(INT, CHECKSUM, checksum(version));
        VERSION.setVolatile(memory, endVersion, version);
        return true;
    }

    // --- of a copy, or under the lock

    /** Whether this is what one change left, not a mixture of several. */
    boolean isWhole() {
        long version = memory.get(LONG, 0);
        int keyLength = memory.get(INT, KEY_LENGTH);
        int valueLength = memory.get(INT, VALUE_LENGTH);
        return version == memory.get(LONG, endVersion)
                && keyLength >= EMPTY
                && valueLength >= 0
                && KEY + (long) keyLength + valueLength <= endVersion
                && memory.get(INT, CHECKSUM) == checksum(version);
    }

    /** The value of a key, if it has this bucket; of a whole one. */
    Optional<byte[]> valueOf(byte[] key) {
        if (memory.get(INT, KEY_LENGTH) != key.length
                || memory.asSlice(KEY, key.length).mismatch(MemorySegment.ofArray(key)) >= 0) {
            return Optional.empty();
        }
        int valueLength = memory.get(INT, VALUE_LENGTH);
        return Optional.of(memory.asSlice((long) KEY + key.length, valueLength).toArray(ValueLayout.JAVA_BYTE));
    }

    private int checksum(long version) {
        crc.reset();
        for (int shift = 0; shift < 64; shift += 8) {
            crc.update((int) (version >>> shift));
        }
        int end = KEY + Math.max(memory.get(INT, KEY_LENGTH), 0) + memory.get(INT, VALUE_LENGTH);
        crc.update(bytes.limit(end).position(KEY_LENGTH));
        return (int) crc.getValue();
    }
}
