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

    /** An item of a stream from the caller; its id is the request's, as of all below. */
    public static final byte REQUEST_ITEM = 5;
    /** The end of the stream from the caller. */
    public static final byte REQUEST_END = 6;
    /** An item of a stream to the caller, which the reply ends. */
    public static final byte REPLY_ITEM = 7;
    /** How much of the stream from the caller may be sent. */
    public static final byte REQUEST_CREDIT = 8;
    /** How much of the stream to the caller may be sent. */
    public static final byte REPLY_CREDIT = 9;

    /** Whether a message of this kind may come; anything else costs its connection. */
    public static boolean isKnown(int kind) {
        return kind >= REQUEST && kind <= REPLY_CREDIT;
    }

    private MessageKind() {}
}
