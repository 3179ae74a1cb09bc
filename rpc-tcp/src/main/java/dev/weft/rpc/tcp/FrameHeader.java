package dev.weft.rpc.tcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The head of every frame; {@code docs/protocol/tcp.md} is the norm. Little-endian.
 *
 * <pre>
 *  0 body length u32 | 4 kind u8 | 5 flags u8 | 6 extension length u8 | 7 zero u8 | 8 id u64
 * 16 CRC32C of the body u32 | 20 CRC32C of bytes 0 to 20 and the extension u32 | 24 extension
 * </pre>
 *
 * <p>The head has a checksum of its own, so that a damaged body costs one call and only a damaged head the connection.
 */
final class FrameHeader {
    static final int BYTES = 24;

    /** A fragment of a message: total u32, offset u32. */
    static final int FRAGMENT_EXTENSION_BYTES = 8;

    /** Key, address and length or rest of remote memory: u64 each. */
    static final int MEMORY_EXTENSION_BYTES = 24;

    static final int EXTENSION_BYTES_MAX = MEMORY_EXTENSION_BYTES;

    // Kinds 1 to 15 are messages of dev.weft.rpc.
    static final byte HELLO = 16;
    static final byte PING = 17;
    static final byte PONG = 18;
    /** Asks for remote memory: key, address, length. Answered by DATA frames, or DONE if refused. */
    static final byte READ = 19;
    /** A piece of what READ asked for: its offset u64. */
    static final byte DATA = 20;
    /** A piece for remote memory: key, address of the piece, bytes that follow in later pieces. Answered by DONE. */
    static final byte WRITE = 21;
    /** The end of a WRITE, or of a READ that failed: status u32; the body is a message for people. */
    static final byte DONE = 22;

    /** The body is a part of a message. */
    static final int FRAGMENT = 1;
    /** The sender gave up in the middle of a message: drop what came of it. */
    static final int ABORTED = 2;

    /** Longest body of one frame. Longer messages are cut, so that small ones can go between. */
    static final int BODY_BYTES_MAX = 256 * 1024;

    private static final int CRC_AT = 20;

    private FrameHeader() {}

    /** Fills in the header of a frame without extension whose body lies behind it in {@code frame}. */
    static void fillIn(byte[] frame, int frameBytes, byte kind, long id) {
        CRC32C crc = new CRC32C();
        crc.update(frame, BYTES, frameBytes - BYTES);
        ByteBuffer head = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        putFields(head, 0, frameBytes - BYTES, kind, 0, 0, id, (int) crc.getValue());
        crc.reset();
        crc.update(frame, 0, CRC_AT);
        head.putInt(CRC_AT, (int) crc.getValue());
    }

    /** Fills in the header at {@code at}; the extension is in place behind it. {@code crc} is free for use. */
    static void fillIn(
            ByteBuffer out,
            int at,
            int bodyBytes,
            byte kind,
            int flags,
            int extensionBytes,
            long id,
            int bodyCrc,
            CRC32C crc) {
        putFields(out, at, bodyBytes, kind, flags, extensionBytes, id, bodyCrc);
        out.putInt(at + CRC_AT, headCrc(out, at, extensionBytes, crc));
    }

    private static void putFields(
            ByteBuffer out, int at, int bodyBytes, byte kind, int flags, int extensionBytes, long id, int bodyCrc) {
        out.putInt(at, bodyBytes);
        out.putInt(at + 4, (kind & 0xff) | flags << 8 | extensionBytes << 16);
        out.putLong(at + 8, id);
        out.putInt(at + 16, bodyCrc);
    }

    private static int headCrc(ByteBuffer bytes, int at, int extensionBytes, CRC32C crc) {
        int position = bytes.position();
        int limit = bytes.limit();
        crc.reset();
        crc.update(bytes.limit(at + CRC_AT).position(at));
        bytes.limit(limit);
        if (extensionBytes > 0) {
            crc.update(bytes.limit(at + BYTES + extensionBytes).position(at + BYTES));
            bytes.limit(limit);
        }
        bytes.position(position);
        return (int) crc.getValue();
    }

    static int bodyBytes(ByteBuffer in, int at) {
        return in.getInt(at);
    }

    static byte kind(ByteBuffer in, int at) {
        return in.get(at + 4);
    }

    static int flags(ByteBuffer in, int at) {
        return in.get(at + 5);
    }

    static int extensionBytes(ByteBuffer in, int at) {
        return in.get(at + 6) & 0xff;
    }

    static long id(ByteBuffer in, int at) {
        return in.getLong(at + 8);
    }

    static int bodyCrc(ByteBuffer in, int at) {
        return in.getInt(at + 16);
    }

    /** What is wrong with the complete header at {@code at}, or null. {@code crc} is free for use. */
    static @Nullable String defect(ByteBuffer in, int at, CRC32C crc) {
        int extensionBytes = extensionBytes(in, at);
        if (headCrc(in, at, extensionBytes, crc) != in.getInt(at + CRC_AT)) {
            return "frame header does not match its checksum";
        }
        int bodyBytes = bodyBytes(in, at);
        if (bodyBytes < 0 || bodyBytes > BODY_BYTES_MAX) {
            return "frame body of " + Integer.toUnsignedString(bodyBytes) + " bytes exceeds " + BODY_BYTES_MAX;
        }
        return null;
    }
}
