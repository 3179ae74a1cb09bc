package dev.weft.rpc.spi;

/** Gives each new connection its handler. */
@FunctionalInterface
public interface ConnectionAcceptor {
    /** Called once per connection, before its first message; the connection can send from then on. Must not block. */
    MessageHandler accept(TransportConnection connection);
}
