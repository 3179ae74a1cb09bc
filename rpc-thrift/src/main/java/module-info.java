import org.jspecify.annotations.NullMarked;

/** Apache Thrift: its services hosted by Weft servers and called by Weft clients, its structs in Weft messages. */
@NullMarked
module dev.weft.rpc.thrift {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;
    requires transitive org.apache.thrift;

    exports dev.weft.rpc.thrift;
}
