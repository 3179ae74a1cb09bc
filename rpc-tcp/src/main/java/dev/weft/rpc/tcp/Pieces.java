package dev.weft.rpc.tcp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

/** Moves memory into frames and out of them. */
final class Pieces {
    private Pieces() {}

    /** Appends bytes to {@code out}; returns the CRC32C of the copy, which is in the cache by then. */
    static int copy(MemorySegment from, long offset, int bytes, ByteBuffer out, CRC32C crc) {
        int at = out.position();
        append(from, offset, bytes, out);
        return checksum(out, at, crc);
    }

    static void append(MemorySegment from, long offset, int bytes, ByteBuffer out) {
        MemorySegment.copy(from, offset, MemorySegment.ofBuffer(out), 0, bytes);
        out.position(out.position() + bytes);
    }

    /** CRC32C of what {@code out} holds from {@code at} to its position. */
    static int checksum(ByteBuffer out, int at, CRC32C crc) {
        int position = out.position();
        int limit = out.limit();
        crc.reset();
        crc.update(out.limit(position).position(at));
        out.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /** CRC32C of memory. */
    static int checksum(ByteBuffer bytes, CRC32C crc) {
        crc.reset();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /** Fills memory from a channel as far as that has something, and adds it to {@code crc}; what came, or -1 at the end. */
    static int read(ReadableByteChannel channel, MemorySegment into, CRC32C crc) throws IOException {
        ByteBuffer bytes = into.asByteBuffer();
        int count = channel.read(bytes);
        if (count > 0) {
            crc.update(bytes.flip());
        }
        return count;
    }
}
