package dev.weft.rpc.rdma;

import static dev.weft.rpc.rdma.BadFrameException.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * What stands before each message in a buffer of the ring.
 *
 * <pre>
 *  byte 0               4      5       6      8          16          20     24
 *       +---------------+------+-------+------+----------+-----------+------+------
 *       | body length   | kind | zero  | zero | id       | body CRC  | zero | body
 *       | u32           | u8   | u8    | u16  | u64      | u32       | u32  |
 *       +---------------+------+-------+------+----------+-----------+------+------
 * </pre>
 */
final class MessageHeader {
    static final int BYTES = 24;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_IN_MEMORY =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MessageHeader() {}

    /** Fills the first bytes of a frame of {@code frameBytes}. */
    static void fillIn(byte[] frame, int frameBytes, byte kind, long id) {
        CRC32C crc = new CRC32C();
        crc.update(frame, BYTES, frameBytes - BYTES);
        INT.set(frame, 0, frameBytes - BYTES);
        INT.set(frame, 4, kind & 0xFF);
        LONG.set(frame, 8, id);
        INT.set(frame, 16, (int) crc.getValue());
        INT.set(frame, 20, 0);
    }

    /** The length of the body of the frame at {@code at}; all of it is there. */
    static int bodyBytes(byte[] frames, int at) throws BadFrameException {
        int left = frames.length - at - BYTES;
        check("bytes of a frame", frames.length - at, BYTES, Integer.MAX_VALUE);
        int bodyBytes = (int) INT.get(frames, at);
        check("body length", bodyBytes, 0, left);
        return bodyBytes;
    }

    static byte kind(byte[] frames, int at) {
        return frames[at + 4];
    }

    static long id(byte[] frames, int at) {
        return (long) LONG.get(frames, at + 8);
    }

    /** Whether a received body is what was sent. */
    static boolean isIntact(byte[] frames, int at, int bodyBytes) {
        CRC32C crc = new CRC32C();
        crc.update(frames, at + BYTES, bodyBytes);
        return (int) crc.getValue() == (int) INT.get(frames, at + 16);
    }

    /** For a queue pair without immediate data, whose buffers begin with the word that would be it. */
    static void putWord(MemorySegment memory, long at, int word) {
        memory.set(INT_IN_MEMORY, at, word);
    }

    static int word(MemorySegment memory, long at) {
        return memory.get(INT_IN_MEMORY, at);
    }
}
