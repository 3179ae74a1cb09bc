package dev.weft.rpc.spi;

/** Takes what arrives on one connection. Called by one thread at a time; must not block. */
public interface MessageHandler {
    /** Everything that one read brought, oldest first, linked by {@link InboundMessage#next}. */
    void onMessages(InboundMessage first);

    /** The connection has ended, and brings nothing more. Called once. */
    void onClosed(String reason);
}
