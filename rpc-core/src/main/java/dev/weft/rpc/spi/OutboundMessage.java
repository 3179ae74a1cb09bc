package dev.weft.rpc.spi;

import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A message to send. Its first {@link TransportConnection#headroom} bytes are the transport's to fill.
 *
 * <p>Large segments are attached, not copied: their content is read when the message is written to the network, and must
 * not change until the call that it belongs to has ended, or {@link #abandon} was called.
 */
public final class OutboundMessage {
    private final byte kind;
    private final long id;
    private final SerdeWriter body;
    private volatile boolean abandoned;

    public OutboundMessage(byte kind, long id, SerdeWriter body) {
        this.kind = kind;
        this.id = id;
        this.body = body;
    }

    /** One of {@link MessageKind}. */
    public byte kind() {
        return kind;
    }

    public long id() {
        return id;
    }

    public SerdeWriter body() {
        return body;
    }

    /** Headroom and body in order. */
    public List<MemorySegment> parts() {
        return body.parts();
    }

    /** Nobody wants the message any more: what is not sent yet need not be. */
    public void abandon() {
        abandoned = true;
    }

    public boolean abandoned() {
        return abandoned;
    }
}
