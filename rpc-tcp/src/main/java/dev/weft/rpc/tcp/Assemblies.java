package dev.weft.rpc.tcp;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.TransportConfig;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Messages of one connection that have come in part. Used by the loop's thread only.
 *
 * <p>A peer may announce more than it sends, so memory is not simply set aside for what is announced: all connections of
 * the transport together may hold {@link #ADVANCE_BYTES_MAX} for bytes that have not come yet. Within that a message gets
 * its array at once; beyond it the array grows with the bytes.
 */
final class Assemblies {
    /** Memory that may be set aside on the peers' word. */
    static final long ADVANCE_BYTES_MAX = 64 << 20;

    /** First size of an array that grows. */
    private static final int FIRST_BYTES = 16 * 1024;

    private record Key(byte kind, long id) {}

    private final TransportConfig config;
    private final AtomicLong advance;
    private final Map<Key, Assembly> inProgress = new HashMap<>();
    private long heldBytes;

    /** @param advance bytes set aside on the peers' word, of the whole transport */
    Assemblies(TransportConfig config, AtomicLong advance) {
        this.config = config;
        this.advance = advance;
    }

    /** Takes a message that is one frame. */
    BodySink whole(byte kind, long id, int bodyBytes, Consumer<InboundMessage> then) throws BadFrameException {
        return begin(new Key(kind, id), bodyBytes, then).expect(false);
    }

    /** Takes the fragment at {@code offset} of a message of {@code total} bytes; fragments come in order. */
    BodySink fragment(byte kind, long id, int total, int offset, int bodyBytes, Consumer<InboundMessage> then)
            throws BadFrameException {
        Key key = new Key(kind, id);
        Assembly assembly = inProgress.get(key);
        if (assembly == null) {
            if (offset != 0) {
                throw new BadFrameException("fragment at " + offset + " of a message that did not begin");
            }
            if (total < 0 || total > config.maxMessageBytes()) {
                throw new BadFrameException(
                        "message of " + Integer.toUnsignedString(total) + " bytes exceeds " + config.maxMessageBytes());
            }
            assembly = begin(key, total, then);
            inProgress.put(key, assembly);
        }
        if (total != assembly.total
                || offset != assembly.length
                || bodyBytes > total - offset
                || (bodyBytes == 0 && total != 0)) {
            throw new BadFrameException("fragment of " + bodyBytes + " bytes at " + offset + " of " + total
                    + " does not follow " + assembly.length + " of " + assembly.total);
        }
        return assembly.expect(offset + bodyBytes < total);
    }

    /** The sender gave up the message. */
    BodySink aborted(byte kind, long id) {
        Assembly assembly = inProgress.remove(new Key(kind, id));
        if (assembly != null) {
            assembly.release();
        }
        return BodySink.DISCARD;
    }

    void clear() {
        inProgress.values().forEach(Assembly::release);
        inProgress.clear();
    }

    private Assembly begin(Key key, int total, Consumer<InboundMessage> then) throws BadFrameException {
        if (heldBytes + total > config.maxAssemblyBytes()) {
            throw new BadFrameException(
                    "unfinished messages of " + (heldBytes + total) + " bytes exceed " + config.maxAssemblyBytes());
        }
        heldBytes += total;
        return new Assembly(key, total, then);
    }

    private final class Assembly implements BodySink {
        private final Key key;
        private final int total;
        private final Consumer<InboundMessage> then;

        /** Bytes that count as set aside on the peer's word. */
        private final int advanced;

        private byte[] bytes;
        private int length;
        private boolean more;
        private boolean corrupt;

        Assembly(Key key, int total, Consumer<InboundMessage> then) {
            this.key = key;
            this.total = total;
            this.then = then;
            boolean atOnce = advance.addAndGet(total) <= ADVANCE_BYTES_MAX;
            if (!atOnce) {
                advance.addAndGet(-total);
            }
            this.advanced = atOnce ? total : 0;
            this.bytes = new byte[atOnce ? total : Math.min(total, FIRST_BYTES)];
        }

        BodySink expect(boolean moreFragments) {
            more = moreFragments;
            return this;
        }

        @Override
        public void accept(ByteBuffer piece) {
            int count = piece.remaining();
            if (bytes.length - length < count) {
                long doubled = Math.max(bytes.length * 2L, length + (long) count);
                bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, total));
            }
            piece.get(bytes, length, count);
            length += count;
        }

        @Override
        public void end(boolean intact) {
            corrupt |= !intact;
            if (!more) {
                inProgress.remove(key);
                release();
                then.accept(new InboundMessage(
                        key.kind(), key.id(), MemorySegment.ofArray(bytes).asSlice(0, length), corrupt));
            }
        }

        void release() {
            heldBytes -= total;
            advance.addAndGet(-advanced);
        }
    }
}
