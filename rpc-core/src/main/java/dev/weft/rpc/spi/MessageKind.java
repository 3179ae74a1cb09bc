package dev.weft.rpc.spi;

/** What a message is. The values travel; 16 and above belong to the transport. */
public final class MessageKind {
    /** A request; its id is new. */
    public static final byte REQUEST = 1;
    /** The end of a call; its id is the request's. */
    public static final byte REPLY = 2;
    /** The caller of the request with this id has gone. */
    public static final byte CANCEL = 3;
    /** The sender takes no more requests on this connection; those it has go on. */
    public static final byte GOING_AWAY = 4;

    private MessageKind() {}
}
