package dev.weft.rpc.spi;

import dev.weft.rpc.Address;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** Makes and accepts connections of one kind. Thread-safe. */
public interface Transport extends AutoCloseable {
    /**
     * Listens until the listener is closed.
     *
     * @param acceptor is asked, on a thread of the transport, for the handler of each connection; must not block
     * @throws IOException if the address cannot be listened on; the message names it
     */
    TransportListener listen(Address address, ConnectionAcceptor acceptor) throws IOException;

    /** The same, for peers that speak one of the {@code foreign} protocols as well; a transport that has no byte streams has none. */
    default TransportListener listen(Address address, ConnectionAcceptor acceptor, List<ForeignProtocol> foreign)
            throws IOException {
        return listen(address, acceptor);
    }

    /**
     * Connects; blocks the calling thread.
     *
     * @param deadlineNanos in terms of the environment's clock
     * @throws IOException if there is no connection by then; the message names the address
     */
    TransportConnection connect(Address address, ConnectionAcceptor acceptor, long deadlineNanos)
            throws IOException, InterruptedException;

    /**
     * What the transport has done since it was made, by name: counts, and bytes where the name ends in {@code -bytes}. None of
     * them ever shrinks. Names are in lower case with dashes, and stay; a transport that does not count has none.
     */
    default SortedMap<String, Long> counters() {
        return Collections.emptySortedMap();
    }

    /** Closes all listeners and connections. */
    @Override
    void close();
}
