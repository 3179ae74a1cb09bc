import org.jspecify.annotations.NullMarked;

/** Weft RPC over RDMA, and the verbs that it stands on. */
@NullMarked
module dev.weft.rpc.rdma {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;
    requires transitive disni;

    exports dev.weft.rpc.rdma;
    exports dev.weft.rpc.rdma.ffm;
    exports dev.weft.rpc.rdma.libdisni;
    exports dev.weft.rpc.rdma.software;
    exports dev.weft.rpc.rdma.verbs;

    provides dev.weft.rpc.spi.TransportProvider with
            dev.weft.rpc.rdma.RdmaTransportProvider;
}
