package dev.weft.rpc.spi;

import dev.weft.serde.SerdeWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message to send. Its first {@link TransportConnection#headroom} bytes are the transport's to fill.
 *
 * <p>Large segments are attached, not copied: their content is read when the message is written to the network, and must
 * not change until the call that it belongs to has ended, {@link #abandon} was called, or the transport has {@link #taken} it.
 */
public final class OutboundMessage {
    private final byte kind;
    private final long id;
    private final SerdeWriter body;
    private final @Nullable Runnable onTaken;
    private volatile boolean abandoned;

    public OutboundMessage(byte kind, long id, SerdeWriter body) {
        this(kind, id, body, null);
    }

    /** @param onTaken runs when the content may change; must not block */
    public OutboundMessage(byte kind, long id, SerdeWriter body, @Nullable Runnable onTaken) {
        this.kind = kind;
        this.id = id;
        this.body = body;
        this.onTaken = onTaken;
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

    /**
     * For the transport: nothing of the attached segments is read any more, and no message of the same kind and id that is sent
     * from now on can get between the parts of this one. Called once, from any thread, unless the connection ends before.
     */
    public void taken() {
        Runnable action = onTaken;
        if (action != null) {
            action.run();
        }
    }

    public boolean abandoned() {
        return abandoned;
    }
}
