package dev.weft.rpc;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.serde.Codec;
import dev.weft.serde.SerdeException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Items out of the messages of a stream. Used by one thread at a time. */
final class ItemReader<T> implements StreamReader<T> {
    private final StreamInbox inbox;
    private final Codec<T> codec;
    private final int maxMessageBytes;
    private final StatusCode undecodable;

    /** Taken, and not decoded; null if the next one is still to be taken. */
    private @Nullable InboundMessage next;

    /** @param undecodable what it is called when an item cannot be decoded */
    ItemReader(StreamInbox inbox, Codec<T> codec, int maxMessageBytes, StatusCode undecodable) {
        this.inbox = inbox;
        this.codec = codec;
        this.maxMessageBytes = maxMessageBytes;
        this.undecodable = undecodable;
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = inbox.take();
        }
        return next != null;
    }

    @Override
    public T next() {
        InboundMessage message = next != null ? next : inbox.take();
        next = null;
        if (message == null) {
            throw new NoSuchElementException("the stream has ended");
        }
        try {
            return StreamWire.item(message, codec, maxMessageBytes);
        } catch (SerdeException e) {
            throw new RpcException(undecodable, "an item cannot be decoded: " + e.getMessage(), e);
        }
    }
}
