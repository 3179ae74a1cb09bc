import org.jspecify.annotations.NullMarked;

/** Streams from a server, to it, and both ways. */
@NullMarked
module dev.weft.examples.ticker {
    requires static transitive org.jspecify;
    requires transitive dev.weft.rpc;

    exports dev.weft.examples.ticker;
}
