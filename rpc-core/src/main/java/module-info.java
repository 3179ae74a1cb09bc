import org.jspecify.annotations.NullMarked;

/** Services as plain interfaces, called by blocking calls on virtual threads, over any transport. */
@NullMarked
module dev.weft.rpc {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.weft.serde;
    requires transitive HdrHistogram;
    requires com.github.luben.zstd_jni;

    exports dev.weft.rpc;
    exports dev.weft.rpc.spi;

    uses dev.weft.rpc.spi.TransportProvider;
}
