package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.OutboundMessage;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A message that is one frame in one array; its header was filled in by the thread that sent it. */
final class SmallMessage extends SendItem {
    private final byte[] frame;
    private final int frameBytes;

    private SmallMessage(byte[] frame, int frameBytes) {
        this.frame = frame;
        this.frameBytes = frameBytes;
    }

    static SmallMessage of(OutboundMessage message) {
        byte[] frame = message.body().array();
        int frameBytes = message.body().arrayLength();
        FrameHeader.fillIn(frame, frameBytes, message.kind(), message.id());
        return new SmallMessage(frame, frameBytes);
    }

    @Override
    long queuedBytes() {
        return frameBytes;
    }

    @Override
    boolean isBulk() {
        return false;
    }

    @Override
    int frameBytesMax() {
        return frameBytes;
    }

    @Override
    boolean emit(ByteBuffer out, CRC32C crc) {
        out.put(frame, 0, frameBytes);
        return true;
    }
}
