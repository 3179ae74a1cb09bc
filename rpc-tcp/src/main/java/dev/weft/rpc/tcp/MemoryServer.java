package dev.weft.rpc.tcp;

import dev.weft.rpc.RemoteMemory;
import dev.weft.rpc.RemoteMemory.Access;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.spi.MemoryRegistry;
import dev.weft.rpc.spi.MemoryRegistry.Pin;
import dev.weft.rpc.spi.MemoryRegistry.PinResult;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Lets the peer of one connection at the registered memory of this process. Used by the loop's thread.
 *
 * <p>Memory is held only while a piece is copied. So a grant that is revoked in the middle of a transfer ends it at the
 * next piece, and nothing that comes late lands in memory that is in use again.
 */
final class MemoryServer {
    /** Reads of the peer that are answered at a time; more are refused. They hold no memory, but each has a place. */
    private static final int READS_MAX = 4096;

    /** Failed writes whose last piece has not come. More would be a peer that sends no last pieces. */
    private static final int FAILED_WRITES_MAX = 4096;

    private final TcpConnection connection;
    private final MemoryRegistry memory;
    private final AtomicInteger reads = new AtomicInteger();

    /** Why, by the id of the write; the peer is told at the last piece. */
    private final Map<Long, Failure> failedWrites = new HashMap<>();

    private record Failure(StatusCode code, String reason) {}

    MemoryServer(TcpConnection connection, MemoryRegistry memory) {
        this.connection = connection;
        this.memory = memory;
    }

    /** The peer wants to read. */
    void read(long id, long key, long address, long length) {
        if (length < 0 || reads.get() >= READS_MAX) {
            StatusCode code = length < 0 ? StatusCode.REMOTE_MEMORY_REFUSED : StatusCode.RESOURCE_EXHAUSTED;
            String reason = length < 0 ? "length " + length : READS_MAX + " reads are in progress";
            connection.submit(ControlFrame.done(id, code.wireValue(), reason));
            return;
        }
        RemoteMemory remote = new RemoteMemory(key, address, length, Access.READ);
        switch (memory.pin(remote, Access.READ)) {
            case PinResult.Refused(String reason) ->
                connection.submit(ControlFrame.done(id, StatusCode.REMOTE_MEMORY_REFUSED.wireValue(), reason));
            case PinResult.Pinned(Pin pin) -> {
                pin.close();
                reads.incrementAndGet();
                connection.submit(new ReadAnswer(id, remote, memory, reads::decrementAndGet));
            }
        }
    }

    /** A piece that the peer writes; {@code following} bytes come in later pieces. */
    BodySink write(long id, long key, long address, long following, int bodyBytes) throws BadFrameException {
        if (following < 0 || failedWrites.size() > FAILED_WRITES_MAX) {
            throw new BadFrameException(
                    "write with " + following + " bytes to follow, " + failedWrites.size() + " failed");
        }
        return new Piece(id, new RemoteMemory(key, address, bodyBytes, Access.WRITE), following);
    }

    private final class Piece implements BodySink {
        private final long id;
        private final RemoteMemory target;
        private final long following;
        private long copied;

        Piece(long id, RemoteMemory target, long following) {
            this.id = id;
            this.target = target;
            this.following = following;
        }

        @Override
        public void accept(ByteBuffer bytes) {
            if (failedWrites.containsKey(id)) {
                return;
            }
            int count = bytes.remaining();
            switch (memory.pin(target.slice(copied, count), Access.WRITE)) {
                case PinResult.Refused(String reason) ->
                    failedWrites.put(id, new Failure(StatusCode.REMOTE_MEMORY_REFUSED, reason));
                case PinResult.Pinned(Pin pin) -> {
                    try (pin) {
                        MemorySegment.copy(MemorySegment.ofBuffer(bytes), 0, pin.memory(), 0, count);
                    }
                    copied += count;
                }
            }
        }

        @Override
        public int readFrom(ReadableByteChannel channel, int bytes, CRC32C crc) throws IOException {
            if (failedWrites.containsKey(id)
                    || !(memory.pin(target.slice(copied, bytes), Access.WRITE) instanceof PinResult.Pinned(Pin pin))) {
                return NOT_DIRECT;
            }
            try (pin) {
                int count = Pieces.read(channel, pin.memory(), crc);
                copied += Math.max(0, count);
                return count;
            }
        }

        @Override
        public void end(boolean intact) {
            if (!intact) {
                failedWrites.putIfAbsent(
                        id, new Failure(StatusCode.DATA_CORRUPTED, "the data did not match its checksum"));
            }
            if (following == 0) {
                @Nullable Failure failure = failedWrites.remove(id);
                connection.submit(
                        failure == null
                                ? ControlFrame.done(id, 0, "")
                                : ControlFrame.done(id, failure.code().wireValue(), failure.reason()));
            }
        }
    }
}
