import org.jspecify.annotations.NullMarked;

/**
 * The transactional ordered key-value store under the cluster manager and the metadata service: one interface, several
 * engines, serializable snapshot isolation.
 */
@NullMarked
@SuppressWarnings("module") // engines and their tests are compiled after this module
module dev.weft.kv {
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;
    requires rocksdbjni;

    exports dev.weft.kv;
    exports dev.weft.kv.engine to
            dev.weft.kv.foundationdb,
            dev.weft.kv.ratis,
            dev.weft.kv.testkit;
}
