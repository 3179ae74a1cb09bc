package dev.weft.rpc.spi;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A message that arrived. The body is on the garbage-collected heap, so slices of it may be kept.
 *
 * <p>Belongs to one thread at a time: the transport's, then the handler's.
 */
public final class InboundMessage {
    private final byte kind;
    private final long id;
    private final MemorySegment body;
    private final boolean corrupt;
    private @Nullable InboundMessage next;

    public InboundMessage(byte kind, long id, MemorySegment body, boolean corrupt) {
        this.kind = kind;
        this.id = id;
        this.body = body;
        this.corrupt = corrupt;
    }

    /** One of {@link MessageKind}. */
    public byte kind() {
        return kind;
    }

    public long id() {
        return id;
    }

    public MemorySegment body() {
        return body;
    }

    /** The body did not match its checksum and must not be used; kind and id are right. */
    public boolean corrupt() {
        return corrupt;
    }

    /** The message that arrived after this one in the same read. */
    public @Nullable InboundMessage next() {
        return next;
    }

    public void setNext(InboundMessage message) {
        next = message;
    }
}
