package dev.weft.rpc.tcp;

import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.OutboundMessage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** A message that is long or has attached segments: cut into fragments, each checked by itself. */
final class LargeMessage extends SendItem {
    private static final int FRAGMENT_FRAME_BYTES =
            FrameHeader.BYTES + FrameHeader.FRAGMENT_EXTENSION_BYTES + FrameHeader.BODY_BYTES_MAX;

    private final OutboundMessage message;
    private final List<MemorySegment> parts;
    private final int total;

    /** Bytes of the body that were emitted. */
    private int emitted;

    private int part;

    /** Where the rest of the current part begins; the first part begins with the headroom. */
    private long partOffset = FrameHeader.BYTES;

    /** @param writer stands for all threads that may write the connection */
    LargeMessage(OutboundMessage message, Thread writer) {
        this.message = message;
        this.parts = message.parts();
        for (MemorySegment segment : parts) {
            if (!segment.isAccessibleBy(writer)) {
                throw new RpcException(
                        StatusCode.INVALID_ARGUMENT,
                        "memory of a confined arena cannot be sent; allocate it from a shared or automatic one");
            }
        }
        this.total = Math.toIntExact(message.body().size() - FrameHeader.BYTES);
    }

    @Override
    long queuedBytes() {
        return total;
    }

    @Override
    boolean isBulk() {
        return true;
    }

    @Override
    int frameBytesMax() {
        return FRAGMENT_FRAME_BYTES;
    }

    @Override
    boolean emit(ByteBuffer out, CRC32C crc) {
        if (message.abandoned()) {
            return emitted == 0 || emitAborted(out, crc);
        }
        int bodyBytes = Math.min(total - emitted, FrameHeader.BODY_BYTES_MAX);
        int at = beginFragment(out);
        int bodyAt = out.position();
        copy(out, bodyBytes);
        int bodyCrc = Pieces.checksum(out, bodyAt, crc);
        FrameHeader.fillIn(
                out,
                at,
                bodyBytes,
                message.kind(),
                FrameHeader.FRAGMENT,
                FrameHeader.FRAGMENT_EXTENSION_BYTES,
                message.id(),
                bodyCrc,
                crc);
        emitted += bodyBytes;
        if (emitted == total) {
            message.taken();
            return true;
        }
        return false;
    }

    private boolean emitAborted(ByteBuffer out, CRC32C crc) {
        int at = beginFragment(out);
        FrameHeader.fillIn(
                out,
                at,
                0,
                message.kind(),
                FrameHeader.FRAGMENT | FrameHeader.ABORTED,
                FrameHeader.FRAGMENT_EXTENSION_BYTES,
                message.id(),
                0,
                crc);
        return true;
    }

    private int beginFragment(ByteBuffer out) {
        int at = out.position();
        out.position(at + FrameHeader.BYTES);
        out.putInt(total);
        out.putInt(emitted);
        return at;
    }

    private void copy(ByteBuffer out, int bytes) {
        int left = bytes;
        while (left > 0) {
            MemorySegment segment = parts.get(part);
            int count = (int) Math.min(left, segment.byteSize() - partOffset);
            Pieces.append(segment, partOffset, count, out);
            partOffset += count;
            left -= count;
            if (partOffset == segment.byteSize()) {
                part++;
                partOffset = 0;
            }
        }
    }
}
