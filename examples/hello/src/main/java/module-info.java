import org.jspecify.annotations.NullMarked;

/** The shortest service, with a server and a client that run over TCP or RDMA. */
@NullMarked
module dev.weft.examples.hello {
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;

    exports dev.weft.examples.hello;
}
