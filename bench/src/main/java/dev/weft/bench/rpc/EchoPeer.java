package dev.weft.bench.rpc;

/** A framework under measurement: an echo server and a client for it. */
interface EchoPeer {
    /** Starts a server on a free port of the loopback address; it lives as long as the process. */
    int serve() throws Exception;

    /** Connects; all calls of one client go over one connection where the framework can do that. */
    EchoClient connect(int port, int payloadBytes, int inFlight) throws Exception;

    /** The peer of a name on the command line. */
    static EchoPeer named(String name) {
        return switch (name) {
            case "weft" -> new WeftPeer();
            case "grpc-blocking" -> new GrpcPeer(true);
            case "grpc-best" -> new GrpcPeer(false);
            case "thrift" -> new ThriftPeer();
            case "rsocket" -> new RSocketPeer();
            case "netty-inline" -> new NettyPeer(false);
            case "netty-virtual" -> new NettyPeer(true);
            case "socket" -> new SocketPeer();
            default -> throw new IllegalArgumentException("no peer '" + name + "'");
        };
    }
}
