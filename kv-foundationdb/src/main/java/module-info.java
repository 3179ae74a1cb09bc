import org.jspecify.annotations.NullMarked;

/** The key-value store on FoundationDB, for clusters that outgrow one writer. Needs its client library, {@code libfdb_c}. */
@NullMarked
module dev.weft.kv.foundationdb {
    requires static transitive org.jspecify;
    requires transitive dev.weft.kv;
    requires fdb.java;

    exports dev.weft.kv.foundationdb;
}
