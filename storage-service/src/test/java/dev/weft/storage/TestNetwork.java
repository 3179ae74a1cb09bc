package dev.weft.storage;

import dev.weft.api.storage.StorageService;
import java.io.IOException;

/** How storage services and their client reach each other. */
interface TestNetwork extends AutoCloseable {
    /** The party that is no node. */
    int CLIENT = 0;

    /** Offers a node's service to all others. */
    void serve(int node, StorageService service) throws IOException;

    /** Takes a node's service away; no request is in progress there when it returns. */
    void stop(int node);

    /** The service of one node, as {@code from} reaches it; fails at once or at the first call if it is not offered. */
    StorageService reach(int from, int node);

    /** The memory that a party lets others into. */
    DataMover memory(int party);

    /** Pieces of memory that nobody has taken back. */
    long outstanding();

    @Override
    void close();
}
