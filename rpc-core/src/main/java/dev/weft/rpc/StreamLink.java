package dev.weft.rpc;

import dev.weft.rpc.spi.OutboundMessage;

/** What a stream needs of the connection that its call is on. */
interface StreamLink {
    /** Bytes that the body of each message leaves for the transport. */
    int headroom();

    /**
     * Sends a message of a call.
     *
     * @throws RpcException as {@link dev.weft.rpc.spi.TransportConnection#send}, but CONNECTION_LOST if it is closed, as the call
     *     itself has been sent
     */
    void send(OutboundMessage message, long deadlineNanos);
}
