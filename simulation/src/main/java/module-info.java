import org.jspecify.annotations.NullMarked;

/**
 * The storage side of a cluster, or its metadata servers, in one thread, from one seed: services and clients as they are,
 * on simulated time, threads, network and disks, under faults, with checks of what clients saw.
 */
@NullMarked
module dev.weft.simulation {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires dev.weft.client;
    requires dev.weft.cluster;
    requires dev.weft.kv;
    requires dev.weft.meta;
    requires dev.weft.rpc.testkit;
    requires dev.weft.storage;
    requires info.picocli;
    requires java.logging;

    opens dev.weft.simulation to
            info.picocli;
}
