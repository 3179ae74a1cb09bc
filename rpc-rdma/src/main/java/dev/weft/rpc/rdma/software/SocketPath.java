package dev.weft.rpc.rdma.software;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way to a peer in another process: what one end has to say to the other, in both of its roles. The methods without a
 * word on it are for the engine's thread.
 */
final class SocketPath implements Path {
    private final SocketEngine engine;
    private final SocketLink link;
    private final QueuePair queuePair;
    private final SocketRequester requester;
    private final SocketResponder responder;
    private final Runnable advance = this::advance;

    /** Whether the engine will look after it anyway. */
    private final AtomicBoolean queued = new AtomicBoolean();

    SocketPath(SocketEngine engine, SocketLink link, QueuePair queuePair) {
        this.engine = engine;
        this.link = link;
        this.queuePair = queuePair;
        this.requester = new SocketRequester(queuePair, this);
        this.responder = new SocketResponder(queuePair);
    }

    /** On any thread. */
    @Override
    public void progress() {
        if (queued.compareAndSet(false, true)) {
            engine.execute(advance);
        }
    }

    /** On any thread. What is on its way lands nevertheless. */
    @Override
    public void failed() {
        progress();
    }

    private void advance() {
        queued.set(false);
        requester.watch();
        link.pump();
    }

    /** Puts a frame or two into a buffer that has room for them. False if there is nothing to say now. */
    boolean produce(ByteBuffer out, long outAddress) {
        boolean answered = responder.produce(out, outAddress);
        return requester.produce(out, outAddress) || answered;
    }

    /** Takes in a frame whose payload is at this address. */
    void received(Frame frame, long payload) throws IOException {
        switch (frame.type) {
            case Frame.SEND, Frame.WRITE, Frame.READ -> responder.received(frame, payload);
            default -> requester.received(frame, payload);
        }
    }

    /** The peer does not keep to the protocol. */
    void distrust() {
        queuePair.failFatally();
    }

    /** The connection has ended: nobody will answer. */
    void gone() {
        requester.gone();
    }
}
