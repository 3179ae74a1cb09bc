package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
import dev.weft.storage.engine.DiskIndex.IndexChange;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the index, big-endian. docs/protocol/storage-disk.md has the drawing.
 *
 * <pre>
 * chunk key    'C' target:8 inode:8 index:4
 * chunk value  format:1 flags:1 [committed] [pending]
 *   version    number:8 length:4 checksum:4 tailChecksum:4 flags:1 client:16 channel:4 sequence:8 sizeClass:1 slot:4
 * sums key     'S' sizeClass:1 slot:4 span:1
 * sums value   format:1 checksum:4 ...
 * applied key  'T' target:8 client:16 channel:4
 * applied value format:1 sequence:8 number:8 length:4 checksum:4 order:8
 * floor key    'F' target:8
 * floor value  format:1 number:8
 * scrub key    'P' target:8
 * scrub value  format:1 inode:8 index:4
 * </pre>
 */
final class IndexRecords {
    static final byte CHUNK = 'C';
    static final byte CHECKSUMS = 'S';
    static final byte APPLIED = 'T';
    static final byte FLOOR = 'F';
    static final byte SCRUBBED = 'P';

    /** Format 1 had no checksums of blocks. */
    private static final byte FORMAT = 2;

    private static final int HAS_COMMITTED = 1;
    private static final int HAS_PENDING = 2;
    private static final int REMOVED = 1;

    /** Size class of a version without bytes. */
    private static final byte NO_EXTENT = -1;

    private static final int VERSION_BYTES = 54;

    private IndexRecords() {}

    static byte[] chunkKey(ChunkKey key) {
        return ByteBuffer.allocate(21)
                .put(CHUNK)
                .putLong(key.target())
                .putLong(key.inode())
                .putInt(key.index())
                .array();
    }

    static ChunkKey readChunkKey(byte[] bytes) throws IOException {
        if (bytes.length != 21) {
            throw new IOException("index key of a chunk has " + bytes.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        return new ChunkKey(in.getLong(), in.getLong(), in.getInt());
    }

    static IndexChange put(ChunkKey key, ChunkState state) {
        return new IndexChange(chunkKey(key), chunkValue(state));
    }

    static byte[] chunkValue(ChunkState state) {
        Stored committed = state.committed();
        Stored pending = state.pending();
        int versions = (committed == null ? 0 : 1) + (pending == null ? 0 : 1);
        int flags = (committed == null ? 0 : HAS_COMMITTED) | (pending == null ? 0 : HAS_PENDING);
        ByteBuffer out = ByteBuffer.allocate(2 + versions * VERSION_BYTES);
        out.put(FORMAT).put((byte) flags);
        put(out, committed);
        put(out, pending);
        return out.array();
    }

    static ChunkState readChunkValue(byte[] bytes, Occupant extents) throws IOException {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            checkFormat(in.get());
            int flags = in.get();
            Stored committed = (flags & HAS_COMMITTED) != 0 ? stored(in, extents, null) : null;
            Stored pending = (flags & HAS_PENDING) != 0 ? stored(in, extents, committed) : null;
            return new ChunkState(committed, pending);
        } catch (BufferUnderflowException e) {
            throw new IOException("index value of " + bytes.length + " bytes is too short", e);
        }
    }

    private static void put(ByteBuffer out, @Nullable Stored stored) {
        if (stored == null) {
            return;
        }
        ChunkVersion version = stored.version();
        out.putLong(version.number()).putInt(version.length()).putInt(version.checksum());
        out.putInt(stored.tailChecksum()).put((byte) (version.removed() ? REMOVED : 0));
        putWriter(out, version.writer()).putLong(version.writer().sequence());
        Extent extent = stored.extent();
        out.put(extent == null ? NO_EXTENT : extent.sizeClass).putInt(extent == null ? 0 : extent.slot);
    }

    private static Stored stored(ByteBuffer in, Occupant extents, @Nullable Stored before) throws IOException {
        long number = in.getLong();
        int length = in.getInt();
        int checksum = in.getInt();
        int tailChecksum = in.getInt();
        boolean removed = (in.get() & REMOVED) != 0;
        WriteId writer = new WriteId(new UUID(in.getLong(), in.getLong()), in.getInt(), in.getLong());
        byte sizeClass = in.get();
        int slot = in.getInt();
        ChunkVersion version = new ChunkVersion(number, length, checksum, writer, removed);
        if (sizeClass == NO_EXTENT) {
            if (length != 0) {
                throw new IOException("index says " + length + " bytes are nowhere");
            }
            return new Stored(version, tailChecksum, null);
        }
        if (length < 1 || length > SizeClass.bytes(Math.clamp(sizeClass, 0, SizeClass.COUNT - 1))) {
            throw new IOException("index says " + length + " bytes are in an extent of class " + sizeClass);
        }
        Extent shared = before == null ? null : before.extent();
        Extent extent = shared != null && shared.sizeClass == sizeClass && shared.slot == slot
                ? shared
                : extents.occupy(sizeClass, slot);
        if (extent == shared) {
            extent.retain();
        }
        extent.willWriteTo(length);
        return new Stored(version, tailChecksum, extent);
    }

    static byte[] checksumsKey(int sizeClass, int slot, int span) {
        return ByteBuffer.allocate(7)
                .put(CHECKSUMS)
                .put((byte) sizeClass)
                .putInt(slot)
                .put((byte) span)
                .array();
    }

    /** Size class and slot. */
    static int[] readChecksumsKey(byte[] key) throws IOException {
        if (key.length != 7 || key[1] < 0 || key[1] >= SizeClass.COUNT) {
            throw new IOException("index key of checksums has " + key.length + " bytes");
        }
        int slot = ByteBuffer.wrap(key).getInt(2);
        if (slot < 0) {
            throw new IOException("index key of checksums has slot " + slot);
        }
        return new int[] {key[1], slot};
    }

    static byte[] checksums(int[] checksums) {
        ByteBuffer out = ByteBuffer.allocate(1 + checksums.length * Integer.BYTES);
        out.put(FORMAT);
        out.asIntBuffer().put(checksums);
        return out.array();
    }

    static int[] readChecksums(byte[] value) throws IOException {
        if (value.length % Integer.BYTES != 1) {
            throw new IOException("index record of checksums has " + value.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        checkFormat(in.get());
        int[] checksums = new int[in.remaining() / Integer.BYTES];
        in.asIntBuffer().get(checksums);
        return checksums;
    }

    static byte[] appliedKey(long target, WriteId writer) {
        ByteBuffer out = ByteBuffer.allocate(29).put(APPLIED).putLong(target);
        return putWriter(out, writer).array();
    }

    /** @param order grows with each commit on the disk, so that the oldest is known */
    static byte[] appliedValue(Applied applied, long order) {
        return ByteBuffer.allocate(33)
                .put(FORMAT)
                .putLong(applied.writer().sequence())
                .putLong(applied.number())
                .putInt(applied.length())
                .putInt(applied.checksum())
                .putLong(order)
                .array();
    }

    static Remembered readApplied(byte[] key, byte[] value) throws IOException {
        try {
            ByteBuffer k = ByteBuffer.wrap(key, 1, key.length - 1);
            ByteBuffer v = ByteBuffer.wrap(value);
            checkFormat(v.get());
            long target = k.getLong();
            UUID client = new UUID(k.getLong(), k.getLong());
            WriteId writer = new WriteId(client, k.getInt(), v.getLong());
            Applied applied = new Applied(target, writer, v.getLong(), v.getInt(), v.getInt());
            return new Remembered(applied, v.getLong());
        } catch (BufferUnderflowException e) {
            throw new IOException("index record of " + key.length + " + " + value.length + " bytes is too short", e);
        }
    }

    static byte[] floorKey(long target) {
        return ByteBuffer.allocate(9).put(FLOOR).putLong(target).array();
    }

    static long readFloorKey(byte[] key) throws IOException {
        if (key.length != 9) {
            throw new IOException("index key of a version floor has " + key.length + " bytes");
        }
        return ByteBuffer.wrap(key).getLong(1);
    }

    static byte[] floor(long number) {
        return ByteBuffer.allocate(9).put(FORMAT).putLong(number).array();
    }

    static long readFloor(byte[] value) throws IOException {
        if (value.length != 9) {
            throw new IOException("index record of a version floor has " + value.length + " bytes");
        }
        checkFormat(value[0]);
        return ByteBuffer.wrap(value).getLong(1);
    }

    static byte[] scrubbedKey(long target) {
        return ByteBuffer.allocate(9).put(SCRUBBED).putLong(target).array();
    }

    static byte[] scrubbed(ChunkKey place) {
        return ByteBuffer.allocate(13)
                .put(FORMAT)
                .putLong(place.inode())
                .putInt(place.index())
                .array();
    }

    static ChunkKey readScrubbed(byte[] key, byte[] value) throws IOException {
        if (key.length != 9 || value.length != 13) {
            throw new IOException("index record of a scrubber has " + key.length + " + " + value.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        checkFormat(in.get());
        return new ChunkKey(ByteBuffer.wrap(key).getLong(1), in.getLong(), in.getInt());
    }

    /** Hands out the extent that a record refers to. */
    interface Occupant {
        Extent occupy(int sizeClass, int slot) throws IOException;
    }

    /** An applied record, and its place among all of them in time. */
    record Remembered(Applied applied, long order) {}

    private static ByteBuffer putWriter(ByteBuffer out, WriteId writer) {
        return out.putLong(writer.client().getMostSignificantBits())
                .putLong(writer.client().getLeastSignificantBits())
                .putInt(writer.channel());
    }

    private static void checkFormat(byte format) throws IOException {
        if (format != FORMAT) {
            throw new IOException(
                    "index record has format " + format + ", this version reads " + FORMAT
                            + "; a disk of an earlier format cannot be used: copy its files out with the release that wrote it");
        }
    }
}
