import org.jspecify.annotations.NullMarked;

/** A cache that clients read by one-sided transfer, without a thread of the server, and write by calls. */
@NullMarked
module dev.weft.examples.hashtable {
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;
    requires HdrHistogram;

    exports dev.weft.examples.hashtable;
}
