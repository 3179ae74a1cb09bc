import org.jspecify.annotations.NullMarked;

/** The {@code weft} command. */
@NullMarked
module dev.weft.cli {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires dev.weft.api;
    requires dev.weft.client;
    requires dev.weft.cluster;
    requires dev.weft.gateway;
    requires dev.weft.kv;
    requires dev.weft.kv.ratis;
    requires dev.weft.meta;
    requires dev.weft.rpc;
    requires dev.weft.rpc.rdma;
    requires dev.weft.rpc.recorder;
    requires dev.weft.storage;
    requires HdrHistogram;
    requires info.picocli;
    requires java.logging;

    opens dev.weft.cli to
            info.picocli;
    opens dev.weft.cli.torture to
            info.picocli;
    opens dev.weft.cli.trace to
            info.picocli;
}
