package dev.weft.bench.rpc;

import java.io.IOException;

/** A connected client that can be put under load. */
interface EchoClient extends AutoCloseable {
    /** Keeps the client's number of calls in flight until the load says stop, and records each call. */
    void run(Load load) throws Exception;

    @Override
    void close() throws IOException;
}
