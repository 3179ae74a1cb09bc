package dev.weft.storage.engine;

import dev.weft.storage.engine.ChunkState.Stored;
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
 *   version    number:8 length:4 checksum:4 flags:1 client:16 channel:4 sequence:8 sizeClass:1 slot:4
 * applied key  'T' target:8 client:16 channel:4
 * applied value format:1 sequence:8 number:8 length:4 checksum:4
 * </pre>
 */
final class IndexRecords {
    static final byte CHUNK = 'C';
    static final byte APPLIED = 'T';

    private static final byte FORMAT = 1;
    private static final int HAS_COMMITTED = 1;
    private static final int HAS_PENDING = 2;
    private static final int REMOVED = 1;

    /** Size class of a version without bytes. */
    private static final byte NO_EXTENT = -1;

    private static final int VERSION_BYTES = 50;

    private IndexRecords() {}

    static byte[] chunkKey(ChunkKey key) {
        return ByteBuffer.allocate(21)
                .put(CHUNK)
                .putLong(key.target())
                .putLong(key.inode())
                .putInt(key.index())
                .array();
    }

    static ChunkKey readChunkKey(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        return new ChunkKey(in.getLong(), in.getLong(), in.getInt());
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

    static ChunkState readChunkValue(byte[] bytes, Extents extents) throws IOException {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            checkFormat(in.get());
            int flags = in.get();
            Stored committed = (flags & HAS_COMMITTED) != 0 ? stored(in, extents) : null;
            Stored pending = (flags & HAS_PENDING) != 0 ? stored(in, extents) : null;
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
        out.put((byte) (version.removed() ? REMOVED : 0));
        putWriter(out, version.writer()).putLong(version.writer().sequence());
        Extent extent = stored.extent();
        out.put(extent == null ? NO_EXTENT : (byte) extent.sizeClass).putInt(extent == null ? 0 : extent.slot);
    }

    private static Stored stored(ByteBuffer in, Extents extents) throws IOException {
        long number = in.getLong();
        int length = in.getInt();
        int checksum = in.getInt();
        boolean removed = (in.get() & REMOVED) != 0;
        WriteId writer = new WriteId(new UUID(in.getLong(), in.getLong()), in.getInt(), in.getLong());
        byte sizeClass = in.get();
        int slot = in.getInt();
        if (sizeClass != NO_EXTENT && (length < 1 || length > SizeClass.bytes(Math.clamp(sizeClass, 0, 10)))) {
            throw new IOException("index says " + length + " bytes are in an extent of class " + sizeClass);
        }
        return new Stored(
                new ChunkVersion(number, length, checksum, writer, removed),
                sizeClass == NO_EXTENT ? null : extents.occupy(sizeClass, slot));
    }

    static byte[] appliedKey(long target, WriteId writer) {
        ByteBuffer out = ByteBuffer.allocate(29).put(APPLIED).putLong(target);
        return putWriter(out, writer).array();
    }

    static byte[] appliedValue(Applied applied) {
        return ByteBuffer.allocate(25)
                .put(FORMAT)
                .putLong(applied.writer().sequence())
                .putLong(applied.number())
                .putInt(applied.length())
                .putInt(applied.checksum())
                .array();
    }

    static Applied readApplied(byte[] key, byte[] value) throws IOException {
        try {
            ByteBuffer k = ByteBuffer.wrap(key, 1, key.length - 1);
            ByteBuffer v = ByteBuffer.wrap(value);
            checkFormat(v.get());
            long target = k.getLong();
            UUID client = new UUID(k.getLong(), k.getLong());
            WriteId writer = new WriteId(client, k.getInt(), v.getLong());
            return new Applied(target, writer, v.getLong(), v.getInt(), v.getInt());
        } catch (BufferUnderflowException e) {
            throw new IOException("index record of " + key.length + " + " + value.length + " bytes is too short", e);
        }
    }

    private static ByteBuffer putWriter(ByteBuffer out, WriteId writer) {
        return out.putLong(writer.client().getMostSignificantBits())
                .putLong(writer.client().getLeastSignificantBits())
                .putInt(writer.channel());
    }

    private static void checkFormat(byte format) throws IOException {
        if (format != FORMAT) {
            throw new IOException("index record has format " + format + ", this version reads " + FORMAT);
        }
    }
}
