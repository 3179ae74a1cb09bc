package dev.weft.rpc.tcp;

import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What a peer reads from our registered memory, as DATA frames. */
final class ReadAnswer extends SendItem {
    private static final int EXTENSION_BYTES = 8;

    private final long id;
    private final RemoteMemory memory;
    private final MemoryRegistry registry;
    private final Runnable onEnd;
    private long emitted;

    ReadAnswer(long id, RemoteMemory memory, MemoryRegistry registry, Runnable onEnd) {
        this.id = id;
        this.memory = memory;
        this.registry = registry;
        this.onEnd = onEnd;
    }

    @Override
    long queuedBytes() {
        return 0;
    }

    @Override
    boolean isBulk() {
        return true;
    }

    @Override
    int frameBytesMax() {
        return FrameHeader.BYTES + EXTENSION_BYTES + FrameHeader.BODY_BYTES_MAX;
    }

    @Override
    boolean emit(ByteBuffer out, CRC32C crc) {
        int count = (int) Math.min(memory.length() - emitted, FrameHeader.BODY_BYTES_MAX);
        switch (registry.pin(memory.slice(emitted, count), Access.READ)) {
            case PinResult.Refused(String reason) -> {
                onEnd.run();
                return ControlFrame.done(id, StatusCode.REMOTE_MEMORY_REFUSED.wireValue(), reason)
                        .emit(out, crc);
            }
            case PinResult.Pinned(Pin pin) -> {
                try (pin) {
                    int at = out.position();
                    out.position(at + FrameHeader.BYTES);
                    out.putLong(emitted);
                    int bodyCrc = Pieces.copy(pin.memory(), 0, count, out, crc);
                    FrameHeader.fillIn(out, at, count, FrameHeader.DATA, 0, EXTENSION_BYTES, id, bodyCrc, crc);
                }
            }
        }
        emitted += count;
        if (emitted == memory.length()) {
            onEnd.run();
            return true;
        }
        return false;
    }
}
