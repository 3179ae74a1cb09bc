package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.ForeignBody;
import dev.weft.rpc.spi.ForeignProtocol;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cuts what a peer of another protocol sends into frames. Used by the loop's thread only. */
final class ForeignFrames {
    /** Memory for a frame is got for so many bytes at first, and doubled as they come: its length is only the peer's word. */
    private static final int FIRST_BYTES = 64 * 1024;

    private final ForeignProtocol protocol;
    private final int bytesMax;
    private final byte[] head;
    private int headCount;

    /** The body that is coming, after room for what goes before it; null between frames. */
    private byte @Nullable [] body;

    private int bodyBytes;
    private int bodyCount;

    /** @param bytesMax of a body, whatever the protocol says */
    ForeignFrames(ForeignProtocol protocol, int bytesMax) {
        this.protocol = protocol;
        this.bytesMax = bytesMax;
        this.head = new byte[protocol.headBytes()];
    }

    /**
     * Takes all that {@code in} has.
     *
     * @param frames is given each body that is complete, behind {@link ForeignBody#ROOM} bytes
     * @throws IllegalArgumentException if a head is none
     */
    void take(ByteBuffer in, Consumer<MemorySegment> frames) {
        while (in.hasRemaining()) {
            if (body == null) {
                takeHead(in);
            }
            byte[] coming = body;
            if (coming != null) {
                byte[] complete = takeBody(coming, in);
                body = complete;
                if (bodyCount == bodyBytes) {
                    body = null;
                    headCount = 0;
                    frames.accept(MemorySegment.ofArray(complete));
                }
            }
        }
    }

    private void takeHead(ByteBuffer in) {
        int count = Math.min(head.length - headCount, in.remaining());
        in.get(head, headCount, count);
        headCount += count;
        if (headCount == head.length) {
            bodyBytes = protocol.bodyBytes(head);
            if (bodyBytes < 0 || bodyBytes > bytesMax) {
                throw new IllegalArgumentException(
                        protocol.name() + " frame of " + bodyBytes + " bytes exceeds " + bytesMax);
            }
            bodyCount = 0;
            body = new byte[ForeignBody.ROOM + Math.min(bodyBytes, FIRST_BYTES)];
        }
    }

    /** Returns what the body is in now. */
    private byte[] takeBody(byte[] into, ByteBuffer in) {
        byte[] target = into;
        while (in.hasRemaining() && bodyCount < bodyBytes) {
            if (bodyCount == target.length - ForeignBody.ROOM) {
                long doubled = 2L * bodyCount;
                target = Arrays.copyOf(target, ForeignBody.ROOM + (int) Math.min(bodyBytes, doubled));
            }
            int count = Math.min(target.length - ForeignBody.ROOM - bodyCount, in.remaining());
            in.get(target, ForeignBody.ROOM + bodyCount, count);
            bodyCount += count;
        }
        return target;
    }

    /** Whether the peer is in the middle of a frame. */
    boolean isPartial() {
        return headCount > 0;
    }
}
