import org.jspecify.annotations.NullMarked;

/** Services as plain interfaces, called by blocking calls on virtual threads, over any transport. */
@NullMarked
module dev.weft.rpc {
    requires static transitive org.jspecify;
    requires transitive dev.weft.serde;

    exports dev.weft.rpc;
}
