import org.jspecify.annotations.NullMarked;

/** Weft RPC over TCP and Unix sockets. */
@NullMarked
module dev.weft.rpc.tcp {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;

    exports dev.weft.rpc.tcp;

    provides dev.weft.rpc.spi.TransportProvider with
            dev.weft.rpc.tcp.TcpTransportProvider;
}
