import org.jspecify.annotations.NullMarked;

/** The services of Weft FS as interfaces and records, and the little that every user of routing shares. */
@NullMarked
module dev.weft.api {
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;

    exports dev.weft.api.cluster;
    exports dev.weft.api.cluster.member;
    exports dev.weft.api.cluster.routing;
    exports dev.weft.api.meta;
    exports dev.weft.api.storage;
}
