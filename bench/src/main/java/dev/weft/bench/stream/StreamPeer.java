package dev.weft.bench.stream;

import java.util.function.IntConsumer;

/** A framework under measurement: a server that streams, and a client for it. */
interface StreamPeer {
    /** Starts a server on a free port of the loopback address; it lives as long as the process. */
    int serve() throws Exception;

    /** Connects, once. */
    Client connect(int port) throws Exception;

    /** A connected client. */
    @FunctionalInterface
    interface Client {
        /** Takes one stream to its end; {@code each} is told the bytes of each piece. */
        void take(int pieces, int bytes, IntConsumer each) throws Exception;
    }

    /** The peer of a name on the command line. */
    static StreamPeer named(String name) {
        return switch (name) {
            case "weft" -> new WeftStreams(false);
            case "weft-reader" -> new WeftStreams(true);
            case "grpc-blocking" -> new GrpcStreams(true);
            case "grpc-best" -> new GrpcStreams(false);
            case "socket" -> new SocketStreams();
            default -> throw new IllegalArgumentException("no peer '" + name + "'");
        };
    }
}
