import org.jspecify.annotations.NullMarked;

/** Weft FS for programs that do not speak Weft RPC. */
@NullMarked
module dev.weft.gateway {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.client;
    requires transitive dev.weft.rpc.thrift;
    requires org.slf4j;

    exports dev.weft.gateway;
    exports dev.weft.gateway.generated;
}
