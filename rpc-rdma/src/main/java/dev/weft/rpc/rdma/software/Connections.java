package dev.weft.rpc.rdma.software;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the connection manager does with the other side. Every method but {@link #retryAll}, {@link #lost} and {@link #close} is called
 * with the lock held; it guards the ids.
 */
interface Connections {
    /** Status of a rejection: nobody listens there. */
    int REJECTED_NO_LISTENER = 8;

    /** Status of a rejection: the one who listens does not want it. */
    int REJECTED_BY_CONSUMER = 28;

    ReentrantLock lock();

    void listen(SoftwareCmId id) throws IOException;

    /** Finds the device that reaches the destination, and the addresses; or posts an event that says that there is none. */
    void resolve(SoftwareCmId id, int timeoutMillis) throws IOException;

    void connect(SoftwareCmId id) throws IOException;

    void accept(SoftwareCmId id) throws IOException;

    /** Refuses what was requested. */
    void reject(SoftwareCmId id, ConnectData reason);

    void disconnect(SoftwareCmId id);

    /** The id is destroyed: tells whoever waits for it. */
    void destroy(SoftwareCmId id);

    void retryAll();

    /** Ends what it has running. Without the lock. */
    void close();

    /** A device is lost: tells its ids. */
    void lost(SoftwareContext context);
}
