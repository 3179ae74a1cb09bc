package dev.weft.rpc.testkit;

import dev.weft.rpc.Address;
import dev.weft.rpc.spi.ConnectionAcceptor;
import dev.weft.rpc.spi.TransportListener;

/** A name that is listened on. */
final class InMemoryListener implements TransportListener {
    private final Address address;
    private final ConnectionAcceptor acceptor;
    private final InMemoryTransport transport;

    InMemoryListener(Address address, ConnectionAcceptor acceptor, InMemoryTransport transport) {
        this.address = address;
        this.acceptor = acceptor;
        this.transport = transport;
    }

    @Override
    public Address address() {
        return address;
    }

    String node() {
        return InMemoryNetwork.nodeOf(address.host());
    }

    ConnectionAcceptor acceptor() {
        return acceptor;
    }

    InMemoryTransport transport() {
        return transport;
    }

    @Override
    public void close() {
        transport.ended(this);
    }
}
